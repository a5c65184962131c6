package io.freshet.model;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parts of an item's content vector: first what a text encoder gave, then a vector of unit
 * length for each other modality (image, audio, …), in the order of their names. What an item lacks
 * is zero.
 *
 * <p>Models are tied to it: the numbers of one layout mean nothing in another. {@link #toString}
 * names the layout, in words that a manifest keeps.
 *
 * @param encoder name of the text encoder
 * @param textWidth width of what it gives, 0 for none
 * @param modalities width of each other modality, by name
 */
public record ContentLayout(String encoder, int textWidth, SortedMap<String, Integer> modalities)
        implements Serializable {

    private static final float[] NOTHING = {};

    public ContentLayout {
        modalities = Collections.unmodifiableSortedMap(new TreeMap<>(modalities));
    }

    /**
     * The layout of a job.
     *
     * @param encoder of texts, of width 0 if they are not encoded
     */
    public static ContentLayout of(TextEncoderRuntime encoder, Map<String, Integer> modalities) {
        return new ContentLayout(encoder.name(), encoder.width(), new TreeMap<>(modalities));
    }

    /** Width of a content vector, 0 if there is none. */
    public int width() {
        return textWidth + otherWidth();
    }

    /**
     * The part behind the text's.
     *
     * @param vectors an item's vectors by modality; those that the layout does not name are passed
     *     over, those of zeros add nothing
     * @return each scaled to unit length, in their places; empty if the item has none of them
     * @throws IllegalArgumentException if one is not as wide as the layout says
     */
    public float[] others(Map<String, float[]> vectors) {
        if (Collections.disjoint(vectors.keySet(), modalities.keySet())) {
            return NOTHING;
        }
        float[] others = new float[otherWidth()];
        int from = 0;
        for (Map.Entry<String, Integer> modality : modalities.entrySet()) {
            float[] vector = vectors.get(modality.getKey());
            if (vector != null) {
                requireWidth(modality.getKey(), vector.length, modality.getValue());
                putUnit(vector, others, from);
            }
            from += modality.getValue();
        }
        return others;
    }

    /**
     * A content vector.
     *
     * @param text what the text encoder gave, empty if the item has no text
     * @param others what {@link #others} gave, empty if the item has no other modality
     * @return [{@link #width}], or empty if the item has no content at all
     * @throws IllegalArgumentException if a part is not as wide as the layout says
     */
    public float[] join(float[] text, float[] others) {
        if (text.length == 0 && others.length == 0) {
            return NOTHING;
        }
        float[] joined = new float[width()];
        put("the text", text, joined, 0, textWidth);
        put("the other modalities", others, joined, textWidth, otherWidth());
        return joined;
    }

    private int otherWidth() {
        return modalities.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void put(String what, float[] part, float[] joined, int from, int width) {
        if (part.length > 0) {
            requireWidth(what, part.length, width);
            System.arraycopy(part, 0, joined, from, width);
        }
    }

    private static void putUnit(float[] vector, float[] target, int from) {
        double squares = 0;
        for (float number : vector) {
            squares += (double) number * number;
        }
        double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            target[from + i] = (float) (vector[i] * scale);
        }
    }

    private static void requireWidth(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    "The vector of " + what + " has " + found + " numbers, expected " + expected);
        }
    }

    /** Example: {@code text[384] by all-MiniLM-L6-v2/64, audio[128], image[512]}. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder();
        if (textWidth > 0) {
            words.append("text[").append(textWidth).append("] by ").append(encoder);
        }
        modalities.forEach(
                (name, width) -> {
                    words.append(words.isEmpty() ? "" : ", ");
                    words.append(name).append('[').append(width).append(']');
                });
        return words.isEmpty() ? "none" : words.toString();
    }
}
