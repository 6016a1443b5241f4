"""The parts of build_sample.py: tables in, one module per kind of CMS file, files out.

``tables`` reads, ``amounts`` computes, ``forms`` writes and ``notices`` holds the words about
copyright. Each of the other modules knows one kind of file and gives a ``write(folder, tables)``.
"""
