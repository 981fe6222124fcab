"""The parental-leave adviser: questions, answers and what they tell about needs."""
