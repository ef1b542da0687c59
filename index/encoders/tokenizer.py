"""The unigram tokenizer of multilingual-e5-small (Kudo 2018, as SentencePiece applies it).

In plain Python on purpose: the tokenizers library takes 0.8 s and 300 MB to load these 250,002 pieces, this takes
0.1 s and 45 MB, and a passage of 200 characters is split in well under a millisecond.
"""

import re
from array import array

from index.encoders.weights import Vocabulary

_SPACE_MARK = "▁"
_SPACES = re.compile(" {2,}")
_UNKNOWN_PENALTY = 10.0


class UnigramTokenizer:
    """Splits texts into the pieces of a vocabulary so that the sum of their log probabilities is greatest."""

    def __init__(self, vocabulary: Vocabulary, max_tokens: int) -> None:
        self._ids = dict(zip(vocabulary.pieces, range(len(vocabulary.pieces)), strict=True))
        # A text that spells out the name of the unknown piece is text like any other.
        del self._ids[vocabulary.pieces[vocabulary.unknown]]
        self._scores = array("f", vocabulary.scores.tobytes())
        self._unknown_score = float(vocabulary.scores.min()) - _UNKNOWN_PENALTY
        self._longest = max(map(len, vocabulary.pieces))
        self._replacements = {0: "", **vocabulary.replacements}
        self._begin, self._end, self._unknown = vocabulary.begin, vocabulary.end, vocabulary.unknown
        self._room = max_tokens - 2

    def encode(self, text: str) -> list[int]:
        """The ids of the text's pieces between those of its begin and end, cut to the model's number of tokens."""
        plain = _SPACES.sub(" ", text.translate(self._replacements))
        if not plain.startswith(" "):
            plain = " " + plain
        # No more characters than this fit into the tokens the model takes.
        plain = plain[: self._room * self._longest].replace(" ", _SPACE_MARK)
        return [self._begin, *self._best_split(plain)[: self._room], self._end]

    def _best_split(self, text: str) -> list[int]:
        """Viterbi over the characters; one that is in no piece counts as unknown."""
        find, scores, longest, size = self._ids.get, self._scores, self._longest, len(text)
        best = [0.0] + [float("-inf")] * size
        piece_to = [self._unknown] * (size + 1)
        start_of = list(range(-1, size))
        for start in range(size):
            so_far = best[start]
            for end in range(start + 1, min(start + longest, size) + 1):
                piece = find(text[start:end])
                if piece is not None and so_far + scores[piece] > best[end]:
                    best[end] = so_far + scores[piece]
                    piece_to[end] = piece
                    start_of[end] = start
            if so_far + self._unknown_score > best[start + 1]:
                best[start + 1] = so_far + self._unknown_score
                piece_to[start + 1] = self._unknown
                start_of[start + 1] = start
        pieces = []
        while size > 0:
            pieces.append(piece_to[size])
            size = start_of[size]
        return pieces[::-1]
