package io.freshet.config;

/** How an encoder's vectors of tokens become the vector of a text. */
public enum EncoderPooling {
    /** As the model says: its files, or what is known of it. */
    AUTO,
    /** Mean over the tokens. */
    MEAN,
    /** The vector of the first token. */
    CLS
}
