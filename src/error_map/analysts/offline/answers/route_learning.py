"""Learns which answer routes reproduce the scores of a dataset."""

from collections.abc import Sequence
from dataclasses import replace

from ...studied_row import StudiedRow
from .profiles import MIN_ROWS, Profile, Profiles
from .route_trials import Trials


def learn(rows: Sequence[StudiedRow]) -> Profile:
    """Learns the profile whose route best reproduces the scores of all rows.

    The agreement of a route is the share of rows where "the extracted answer equals the reference"
    is the same as "passed". Ties go to the earlier route; the order of the rows does not matter.
    If all rows passed or all failed, the route is that of the marker in nearly all outputs, with
    agreement 0, so that its values are not trusted.

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
    whole = _by_model(trials, common, trials.all)
    bare, others = trials.apart(common)
    if bare is None:
        return whole
    split = replace(_by_model(trials, trials.common(others), others), bare=bare)
    return min(split, whole, key=trials.contradicting)


def _by_model(trials: Trials, common: Profile, part: Sequence[int]) -> Profiles:
    """The profiles of a part of the rows: the common one, and those of some models."""
    by_model = trials.by_model(common, part)
    rest = trials.without(by_model, part)
    if 2 * len(rest) < len(part):  # the common route is a compromise that fits few models
        common = trials.most_used(by_model, part) or common
        by_model = trials.by_model(common, part)
        rest = trials.without(by_model, part)
    if MIN_ROWS <= len(rest) < len(part):
        common = trials.common(rest)
    return Profiles(common=common, by_model=by_model)
