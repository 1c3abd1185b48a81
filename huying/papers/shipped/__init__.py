"""The papers that come with the house: what each asks and shows (YAML), and its templates in Word, made by the modules beside it."""
