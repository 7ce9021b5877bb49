"""The detectors, a module each; every module here declares one `DETECTOR`."""
