"""What the marks say: consistency, books, status, exports, agreement of anyone's ratings."""
