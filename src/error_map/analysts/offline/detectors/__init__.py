"""The built-in detectors; each module declares `DETECTOR` or a table `DETECTORS`."""
