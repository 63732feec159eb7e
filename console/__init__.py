"""Every line that a person sees."""
