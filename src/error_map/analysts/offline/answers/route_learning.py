"""Learns which answer routes reproduce the scores of a dataset."""

from collections.abc import Sequence

from ...studied_row import StudiedRow
from .profiles import MIN_ROWS, Profile, Profiles
from .route_trials import Trials


def learn(rows: Sequence[StudiedRow]) -> Profile:
    """Learns the profile whose route best reproduces the scores of all rows.

    The agreement of a route is the share of rows where "the extracted answer equals the reference"
    is the same as "passed". A trusted route wins over others, then the higher agreement. Ties go to
    the earlier route; the order of the rows does not matter. If all rows passed or all failed, the
    route is that of the marker in nearly all outputs, with agreement 0, so that its values are not
    trusted.

    Args:
        rows: Of one dataset. Six routes read each of them; more than about 2,000 do not improve
            the profile.
    """
    return Trials.of(rows).common()


def learn_parts(rows: Sequence[StudiedRow]) -> Profiles:
    """Learns the profiles of a dataset: the common one, and others for parts that it does not fit.

    A part has a route of its own if that saves most of the rows whose scores contradict the common
    route: bare answers that are mixed with workings, or the outputs of one model. Parts with few
    rows have the common route.

    Args:
        rows: Of one dataset; see `learn`.
    """
    trials = Trials.of(rows)
    common = trials.common()
    if len(rows) < 2 * MIN_ROWS or not trials.mixed(common):
        return Profiles(common=common)
    bare, others = trials.apart(common)
    common = trials.common(others) if bare else common
    by_model = trials.by_model(common, others)
    rest = trials.without(by_model, others)
    if 2 * len(rest) < len(others):  # the common route is a compromise that fits few models
        common = trials.most_used(by_model, others) or common
        by_model = trials.by_model(common, others)
        rest = trials.without(by_model, others)
    if MIN_ROWS <= len(rest) < len(others):
        common = trials.common(rest)
    return Profiles(common=common, bare=bare, by_model=by_model)
