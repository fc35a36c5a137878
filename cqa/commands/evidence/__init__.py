"""What can be checked by somebody who trusts nobody, and what is kept at the end."""
