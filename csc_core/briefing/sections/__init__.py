"""The briefing's nine sections, a function each: figures in, headings, sentences, tables and pictures out."""
