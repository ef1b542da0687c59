"""The web app's pages, one file each, and what they share.

The folder is not named `pages`: Streamlit would offer every file of such a folder as a page of its own accord.
"""
