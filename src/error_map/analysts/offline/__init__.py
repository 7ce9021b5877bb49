"""No model, no network: detectors with quoted evidence, the embedded default."""
