package io.freshet.model.tensorflow.bert;

/** How the vectors of a text's tokens become the vector of the text. */
enum Pooling {
    /** Mean over the tokens. */
    MEAN,
    /** The vector of the first token, the marker of the start. */
    CLS
}
