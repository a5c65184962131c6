package io.freshet.training;

import io.freshet.event.EncodedItem;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.model.ModelSpec;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A model with the vocabulary of its rows, kept in step. */
final class LoadedModel implements AutoCloseable {

    private final RecommenderModel model;
    private Vocabulary vocabulary;
    private final Map<String, Long> contentAsOf = new HashMap<>();
    private int settledRows;

    private LoadedModel(RecommenderModel model) {
        this.model = model;
        this.vocabulary = Vocabulary.of(model.itemIds());
    }

    static LoadedModel create(ModelRuntime runtime, ModelSpec spec) {
        return new LoadedModel(runtime.create(spec));
    }

    /** Takes a model over. */
    static LoadedModel of(RecommenderModel model) {
        return new LoadedModel(model);
    }

    static LoadedModel load(ModelRuntime runtime, Path directory) throws IOException {
        return new LoadedModel(runtime.load(directory));
    }

    RecommenderModel model() {
        return model;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Rows that the model had before it came to know more by the last {@link #know}. */
    int settledRows() {
        return settledRows;
    }

    /** Takes the weights and rows of an earlier save of this model. */
    void restore(Path directory) throws IOException {
        model.restore(directory);
        vocabulary = Vocabulary.of(model.itemIds());
        contentAsOf.clear();
    }

    /**
     * Makes every item known: rows for available new items with content, then for what else the
     * sequences name; known items with other content are described anew.
     *
     * @return content vectors that were passed over because their width is not the model's
     */
    int know(List<EncodedItem> items, List<TrainingSequence> sequences, long seed) {
        settledRows = vocabulary.size();
        int ignored = 0;
        List<EncodedItem> described = new ArrayList<>();
        List<EncodedItem> appended = new ArrayList<>();
        List<EncodedItem> ordered = new ArrayList<>(items);
        ordered.sort(
                Comparator.comparingLong(EncodedItem::timestamp)
                        .thenComparing(EncodedItem::itemId));
        for (EncodedItem item : ordered) {
            Long asOf = contentAsOf.put(item.itemId(), item.timestamp());
            if (asOf != null && asOf == item.timestamp()) {
                continue;
            }
            if (item.vector().length != model.featureWidth()) {
                ignored++;
            } else if (vocabulary.rowOf(item.itemId()) > 0) {
                described.add(item);
            } else if (item.available()) {
                appended.add(item);
            }
        }
        describe(described);
        append(ids(appended), features(appended), seed);
        Set<String> unknown = new LinkedHashSet<>();
        for (TrainingSequence sequence : sequences) {
            for (String item : sequence.items()) {
                if (vocabulary.rowOf(item) == 0) {
                    unknown.add(item);
                }
            }
        }
        append(
                unknown.toArray(new String[0]),
                new float[unknown.size() * model.featureWidth()],
                ~seed);
        return ignored;
    }

    /**
     * Content vectors of items by their order, each as wide as the model's features; all zero where
     * the model has none, or does not tell: models of early releases don't.
     */
    float[][] content(List<String> items) {
        int width = model.featureWidth();
        float[][] content = new float[items.size()][width];
        int[] known =
                IntStream.range(0, items.size())
                        .filter(i -> vocabulary.rowOf(items.get(i)) > 0)
                        .toArray();
        if (width == 0 || known.length == 0 || !model.tellsChanges()) {
            return content;
        }
        int[] rows = Arrays.stream(known).map(i -> vocabulary.rowOf(items.get(i))).toArray();
        float[] features = model.features(rows);
        for (int i = 0; i < known.length; i++) {
            content[known[i]] = Arrays.copyOfRange(features, i * width, (i + 1) * width);
        }
        return content;
    }

    /** Of some items, those that the model describes otherwise, or not at all, or can't tell of. */
    List<EncodedItem> lacking(List<EncodedItem> items) {
        float[][] has = content(items.stream().map(EncodedItem::itemId).toList());
        return IntStream.range(0, has.length)
                .filter(i -> items.get(i).vector().length == model.featureWidth())
                .filter(i -> !Arrays.equals(items.get(i).vector(), has[i]))
                .mapToObj(items::get)
                .toList();
    }

    @Override
    public void close() {
        model.close();
    }

    private void describe(List<EncodedItem> items) {
        if (items.isEmpty()) {
            return;
        }
        int[] rows = new int[items.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = vocabulary.rowOf(items.get(i).itemId());
        }
        model.describe(rows, features(items));
    }

    private void append(String[] itemIds, float[] features, long seed) {
        if (itemIds.length == 0) {
            return;
        }
        model.append(itemIds, features, seed);
        for (String itemId : itemIds) {
            vocabulary.add(itemId);
        }
        if (vocabulary.size() != model.rows()) {
            throw new IllegalStateException(
                    "The model has "
                            + model.rows()
                            + " rows after appending "
                            + itemIds.length
                            + " items, expected "
                            + vocabulary.size());
        }
    }

    private static String[] ids(List<EncodedItem> items) {
        return items.stream().map(EncodedItem::itemId).toArray(String[]::new);
    }

    private float[] features(List<EncodedItem> items) {
        float[] features = new float[items.size() * model.featureWidth()];
        for (int i = 0; i < items.size(); i++) {
            float[] vector = items.get(i).vector();
            System.arraycopy(vector, 0, features, i * vector.length, vector.length);
        }
        return features;
    }
}
