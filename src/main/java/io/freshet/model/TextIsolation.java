package io.freshet.model;

import java.util.List;

/**
 * Encodes what can be encoded. A text that an encoder fails on, or that it gives a vector of which
 * a number is not finite, is found in its batch by halving, and goes without a vector; the others
 * get theirs. An encoder that fails on a plain word as well is broken: that is no text's fault, and
 * its exception is thrown.
 *
 * <p>Example: the third of eight texts fails. The encoder is asked for all eight, the first four,
 * the first two (good), the third (fails), the plain word (good: the third is to blame), the
 * fourth, and the last four.
 */
public final class TextIsolation {

    private static final String PLAIN = "word";
    private static final float[] NO_VECTOR = {};

    private final TextEncoder encoder;
    private final Refused refused;

    /**
     * @param refused called for every text that goes without a vector, on the calling thread
     */
    public TextIsolation(TextEncoder encoder, Refused refused) {
        this.encoder = encoder;
        this.refused = refused;
    }

    /** Receives the texts that can't be encoded. */
    @FunctionalInterface
    public interface Refused {

        /**
         * @param index of the text among those that were to be encoded
         * @param cause what the encoder failed with
         */
        void text(int index, RuntimeException cause);
    }

    /**
     * A vector for each text, in their order; empty for those that were refused.
     *
     * @throws RuntimeException if the encoder fails on any text
     */
    public float[][] encode(List<String> texts) {
        float[][] vectors = new float[texts.size()][];
        encode(texts, 0, vectors);
        return vectors;
    }

    private void encode(List<String> texts, int from, float[][] vectors) {
        float[][] encoded;
        try {
            encoded = encoder.encode(texts);
        } catch (RuntimeException e) { // native code has no narrower type for what it can't take
            split(texts, from, vectors, e);
            return;
        }
        if (encoded.length != texts.size()) {
            throw new IllegalStateException(
                    "The encoder returned %d vectors for %d texts"
                            .formatted(encoded.length, texts.size()));
        }
        for (int i = 0; i < encoded.length; i++) {
            vectors[from + i] = encoded[i];
            if (!isFinite(encoded[i])) {
                refuse(from + i, vectors, notFinite());
            }
        }
    }

    private void split(List<String> texts, int from, float[][] vectors, RuntimeException cause) {
        if (texts.size() > 1) {
            int half = texts.size() / 2;
            encode(texts.subList(0, half), from, vectors);
            encode(texts.subList(half, texts.size()), from + half, vectors);
            return;
        }
        refuse(from, vectors, cause);
    }

    private void requireSound(RuntimeException cause) {
        try {
            if (!isFinite(encoder.encode(List.of(PLAIN))[0])) {
                throw notFinite();
            }
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            throw cause;
        }
    }

    private static RuntimeException notFinite() {
        return new ArithmeticException("its vector is not finite");
    }

    private void refuse(int index, float[][] vectors, RuntimeException cause) {
        requireSound(cause);
        vectors[index] = NO_VECTOR;
        refused.text(index, cause);
    }

    private static boolean isFinite(float[] vector) {
        for (float number : vector) {
            if (!Float.isFinite(number)) {
                return false;
            }
        }
        return true;
    }
}
