def check_model(model): return []
