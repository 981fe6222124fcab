"""Every metric once: name, unit, meaning, formula; and the engine that turns a Question into an Answer."""
