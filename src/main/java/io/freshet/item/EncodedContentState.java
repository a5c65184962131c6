package io.freshet.item;

/** The vector of an item's text and what it was made from. Lives in Flink state. */
public final class EncodedContentState {

    /** Hash of the text and of the encoder's name. */
    public long hash;

    /** The text's vector, kept whole: what is told again must be what was told before. */
    public float[] vector = {};

    public EncodedContentState() {}

    EncodedContentState(long hash, float[] vector) {
        this.hash = hash;
        this.vector = vector;
    }
}
