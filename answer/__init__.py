from answer.compose import ask

__all__ = ["ask"]
