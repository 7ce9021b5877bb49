"""No model, no network: detectors with quoted evidence, the embedded default."""

from .analyst import OfflineAnalyst
from .answers import Profile, StudiedRow, learn
from .registry import detectors

__all__ = ["OfflineAnalyst", "Profile", "StudiedRow", "detectors", "learn"]
