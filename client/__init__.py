"""The client program: one message and its receipt, or cs330's menu."""
