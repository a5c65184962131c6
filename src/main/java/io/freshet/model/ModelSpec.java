package io.freshet.model;

/**
 * Shape of the reference model: causal self-attention over the user's recent items (Kang and
 * McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018).
 *
 * @param width width of item vectors and hidden states
 * @param blocks number of transformer blocks
 * @param heads attention heads; divides {@code width}
 * @param length longest input sequence, in items
 * @param featureWidth width of items' frozen content vectors, 0 for none; an adapter maps them to
 *     {@code width}, its rows of one modality being that modality's adapter
 * @param attributeBuckets what attributes of positions are hashed to, each with a vector; 0 if the
 *     model takes none
 * @param dropout share of activations dropped in training, in [0, 1)
 * @param precision what the body's matrix products are computed in
 * @param seed seed of the initial weights
 * @param loss what its training minimises
 * @param ratings scale of the ratings that it predicts, if its loss is of ratings
 */
public record ModelSpec(
        int width,
        int blocks,
        int heads,
        int length,
        int featureWidth,
        int attributeBuckets,
        float dropout,
        Precision precision,
        long seed,
        Loss loss,
        RatingRange ratings) {

    /** What the graph is built as, in words. */
    public String architecture() {
        return shape() + precision.words();
    }

    /**
     * How an architecture begins whose models take the same weights.
     *
     * @see #architecture
     */
    public String shape() {
        String attributes =
                attributeBuckets == 0 ? "" : "attributes %d, ".formatted(attributeBuckets);
        return "width %d, blocks %d, heads %d, length %d, features %d, %sdropout %s"
                .formatted(width, blocks, heads, length, featureWidth, attributes, dropout);
    }
}
