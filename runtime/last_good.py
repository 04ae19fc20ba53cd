"""Starting and going on where files are broken: with what the database keeps of the newest that were good."""

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from config import environment, files
from config.complaints import Complaint, ConfigurationInvalid
from config.fallback import fallback
from config.settings import Settings
from db import opened
from db.fleet import configurations
from db.fleet.configurations import Good
from domain.errors import ConfigError, FleetError
from domain.kinds import Kind
from runtime.command import Plugins, configured, defining, located
from runtime.database_mismatch import mismatch
from runtime.reload import Loaded


def configured_or_last_good(options: argparse.Namespace, plugins: Plugins = Plugins.KNOWN) -> Loaded:
    """The settings that the options name, as good as their files allow, and the kinds of strategies there are.

    Where a file is broken, those that the database keeps stand in for it, and the settings say what is wrong. Raises
    ConfigError where none were ever good here.
    """
    try:
        return configured(options, plugins)
    except ConfigError:
        good = _good(options)
        if good is None:
            raise
        return _fallen_back(options, good, plugins)


def _good(options: argparse.Namespace) -> Good | None:
    """What the database keeps, None where it keeps nothing or is not there."""
    try:
        path, _ = located(options)
        with opened(path, read_only=True) as db:
            return configurations.good(db)
    except FleetError:
        return None


def _unfit(options: argparse.Namespace, settings: Settings) -> Complaint | None:
    """Why a sound fleet.yaml counts as broken. Raises ConfigurationInvalid where somebody has typed a database that was
    never used with this folder: it is the database that is the wrong one.
    """
    wrong, typed = mismatch(settings), options.database
    if wrong and typed not in {None, environment.database(), files.remembered(settings.directory)}:
        raise ConfigurationInvalid([wrong])
    return wrong


def _fallen_back(options: argparse.Namespace, good: Good, plugins: Plugins) -> Loaded:
    """The settings without what is broken."""
    troubles: list[str] = []
    known: dict[str, Kind] = {}

    path, _ = located(options)
    with defining(options, plugins) as survey:

        def kinds(folders: Iterable[Path]) -> Mapping[str, Kind]:
            found, wrong = survey(folders)
            known.update(found)
            troubles.extend(each for each in wrong if each not in troubles)
            return found

        settings = fallback(options.config, kinds, good.files, database=path, unfit=partial(_unfit, options))
    wrong = mismatch(settings)
    if wrong is not None:
        raise ConfigurationInvalid([wrong])
    complaint = "\n".join([*troubles, *filter(None, [settings.complaint])])
    return replace(settings, complaint=complaint or None), known
