package io.freshet.model.tensorflow;

/**
 * The sizes of a BERT encoder.
 *
 * @param tokens rows of the word embedding
 * @param positions longest text in tokens
 * @param width width of the hidden vectors
 * @param layers attention layers
 * @param heads attention heads; divides the width
 * @param inner width of the feed-forward layers
 */
record BertSpec(int tokens, int positions, int width, int layers, int heads, int inner) {

    /** all-MiniLM-L6-v2. */
    static final BertSpec MINI_LM = new BertSpec(30522, 512, 384, 6, 12, 1536);

    int headWidth() {
        return width / heads;
    }
}
