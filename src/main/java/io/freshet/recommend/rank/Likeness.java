package io.freshet.recommend.rank;

import io.freshet.recommend.item.ContentVector;
import io.freshet.recommend.item.ItemCatalog;
import io.freshet.recommend.model.LiveModel;
import org.jspecify.annotations.Nullable;

/**
 * How alike two items are: the cosine of their content vectors, or, where one of them has none, of
 * their vectors in the live model; 0 where nothing can be compared, and where a cosine is below.
 */
public final class Likeness {

    private final ItemCatalog catalog;
    private @Nullable LiveModel live;
    private float[] vectors = {};
    private int width;

    public Likeness(ItemCatalog catalog) {
        this.catalog = catalog;
    }

    /** Compares by the item vectors of a model as they are now; null for none. */
    public void follow(@Nullable LiveModel model) {
        live = model;
        vectors = model == null ? new float[0] : model.itemVectors();
        width = model == null ? 0 : vectors.length / model.rows();
    }

    /** An item that others are compared with, as they are now. */
    Subject to(int item) {
        return new Subject(item);
    }

    /** Compares one item with others. */
    final class Subject {

        private final int item;
        private final ContentVector.Comparison content;

        private Subject(int item) {
            this.item = item;
            content = catalog.content(item).comparison();
        }

        /** By content alone: from 0, also where one has none, to 1 for the same. */
        double byContent(int other) {
            return content.cosine(catalog.content(other));
        }

        /** From 0 for nothing in common to 1 for the same. */
        double of(int other) {
            if (content.isDefinedFor(catalog.content(other))) {
                return byContent(other);
            }
            int row = live == null ? 0 : live.row(item);
            int otherRow = live == null ? 0 : live.row(other);
            return row == 0 || otherRow == 0 || width == 0
                    ? 0
                    : cosine(row * width, otherRow * width);
        }
    }

    private double cosine(int a, int b) {
        double dot = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < width; i++) {
            dot += vectors[a + i] * vectors[b + i];
            squaresOfA += vectors[a + i] * vectors[a + i];
            squaresOfB += vectors[b + i] * vectors[b + i];
        }
        return dot <= 0 ? 0 : dot / Math.sqrt(squaresOfA * squaresOfB);
    }
}
