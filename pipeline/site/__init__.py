"""The code browser: a folder of static pages over one warehouse, for a browser without a server.

Data go into small script files that the pages load as they need them, because a browser lets
a page from a folder load scripts and nothing else.
"""
