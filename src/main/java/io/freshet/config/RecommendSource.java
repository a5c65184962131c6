package io.freshet.config;

/** What lists are made of: either alone, or fused. */
public enum RecommendSource {
    /** The large model, which is fine-tuned by windows. */
    MODEL,
    /** The small ones, which move with every event: popularity, transitions, repeats, newness. */
    COUNTS
}
