"""The product is broken line by line, by seed, and its own fast tests are asked whether they notice."""
