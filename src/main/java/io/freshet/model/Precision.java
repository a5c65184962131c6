package io.freshet.model;

/**
 * What the body's matrix products are computed in. Weights, sums within a product, norms, softmaxes
 * and losses are of 32 bits in both.
 */
public enum Precision {

    /** IEEE 754's single precision. */
    FLOAT32(""),

    /**
     * Factors of 8 bits of mantissa and float32's exponent, so that small gradients don't vanish
     * and losses need no scaling (Kalamkar et al., "A Study of BFLOAT16 for Deep Learning
     * Training", 2019).
     */
    BFLOAT16(", bfloat16 products");

    private final String words;

    Precision(String words) {
        this.words = words;
    }

    /** What the description of an architecture ends with. */
    String words() {
        return words;
    }
}
