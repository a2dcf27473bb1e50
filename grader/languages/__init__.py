"""What is known of each language that exercises are written in: one file per language. Pure data; judges nothing."""
