package io.freshet.item;

/** The vector of an item's text and the hash of what it was made from. Lives in Flink state. */
public final class EncodedContentState {

    /** Hash of the text and of the encoder's name. */
    public long hash;

    /** The text's vector, kept whole: an item that is emitted again must have the same vector. */
    public float[] vector = {};

    public EncodedContentState() {}

    public EncodedContentState(long hash, float[] vector) {
        this.hash = hash;
        this.vector = vector;
    }
}
