"""The built-in detectors; every module declares one `DETECTOR`, or a table `DETECTORS`."""
