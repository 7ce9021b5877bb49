"""What `error-map demo` gave when it was last looked at: made anew by `make golden`."""
