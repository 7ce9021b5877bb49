"""Who does the thinking, behind one protocol."""

from .base import Analyst, TitleGroup

__all__ = ["Analyst", "TitleGroup"]
