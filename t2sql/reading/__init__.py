"""What a grounded question may mean, as semantic SQL. Knows neither the llm nor how words were found."""
