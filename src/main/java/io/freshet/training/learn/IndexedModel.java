package io.freshet.training.learn;

import io.freshet.config.TrainingConfig;
import io.freshet.event.EncodedItem;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ModelRuntime;
import io.freshet.model.ModelSpec;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Vocabulary;
import io.freshet.model.WeightChanges;
import io.freshet.training.Trainer.FitJob;
import io.freshet.training.Trainer.RowChanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A model with what belongs to its rows, kept in step: the vocabulary, and when each row's item was
 * last used.
 */
public final class IndexedModel implements AutoCloseable {

    /** File of a version: event time of each row's last use, little-endian 64-bit integers. */
    static final String LAST_USED = "last_used.i64";

    /** Rows whose content vectors are in memory at once. */
    private static final int ROWS_AT_ONCE = 65_536;

    private final RecommenderModel model;
    private final String graph;
    private Vocabulary vocabulary;
    private long[] lastUsed;
    private final BitSet fresh = new BitSet();

    private IndexedModel(RecommenderModel model, String graph, long usedAt) {
        this.model = model;
        this.graph = graph;
        this.vocabulary = Vocabulary.of(model.itemIds());
        this.lastUsed = new long[vocabulary.size()];
        Arrays.fill(lastUsed, usedAt);
    }

    /** A new model. */
    public static IndexedModel create(ModelRuntime runtime, ModelSpec spec) {
        return of(runtime.create(spec), 0);
    }

    /**
     * Takes a model over that no version has.
     *
     * @param usedAt event time that counts as the last use of all its rows
     */
    public static IndexedModel of(RecommenderModel model, long usedAt) {
        return new IndexedModel(model, "", usedAt);
    }

    /** Loads a version. */
    public static IndexedModel load(ModelRuntime runtime, Revisions.Snapshot snapshot)
            throws IOException {
        IndexedModel loaded =
                new IndexedModel(
                        runtime.load(snapshot.directory()),
                        snapshot.graph(),
                        snapshot.windowEnd());
        loaded.readLastUsed(snapshot);
        return loaded;
    }

    public RecommenderModel model() {
        return model;
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Whether {@link #restore} can read a version. */
    boolean fits(Revisions.Snapshot snapshot) {
        return !graph.isEmpty() && graph.equals(snapshot.graph());
    }

    /** Takes over the weights and rows of a version of the same graph. */
    void restore(Revisions.Snapshot snapshot) throws IOException {
        model.restore(snapshot.directory());
        vocabulary = Vocabulary.of(model.itemIds());
        lastUsed = new long[vocabulary.size()];
        Arrays.fill(lastUsed, snapshot.windowEnd());
        readLastUsed(snapshot);
    }

    /** Writes the model and what belongs to its rows to a local directory. */
    public void save(Path directory) throws IOException {
        model.save(directory);
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(vocabulary.size(), Long.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(lastUsed, 0, vocabulary.size());
        Files.write(directory.resolve(LAST_USED), bytes.array());
    }

    /** Imports an update that another model exported. */
    void importChanges(WeightChanges changes, Map<String, Long> used) {
        model.importChanges(changes);
        for (int i = 0; i < changes.renamedRows().length; i++) {
            rename(changes.renamedRows()[i], changes.itemIds()[i]);
        }
        used.forEach(this::use);
        requireInStep();
    }

    /**
     * Gives the model what a job brings besides its steps: content of items that have a row, and
     * rows for items that are to have one, see {@link RowPolicy}.
     *
     * @param seed of the fresh rows
     */
    RowChanges prepare(FitJob job, TrainingConfig.Vocabulary config, long seed) {
        fresh.clear();
        Map<String, Long> used = new TreeMap<>();
        Content content = Content.of(job.items(), vocabulary, model.featureWidth());
        describe(content.known());
        long withdrawn = job.windowEnd() - config.ttl().toMillis() + config.withdrawnTtl().toMillis();
        for (EncodedItem item : content.withdrawn()) {
            int row = vocabulary.rowOf(item.itemId());
            used.put(item.itemId(), Math.min(lastUsed[row], withdrawn));
        }
        AdmissionCounts counts = new AdmissionCounts(config.admissionInteractions(), job.waiting());
        Set<String> wanted = new LinkedHashSet<>();
        content.unknown().forEach(item -> wanted.add(item.itemId()));
        wanted.addAll(
                counts.admit(job.trained(), item -> vocabulary.rowOf(item) > 0, job.windowEnd()));
        for (TrainingSequence sequence : job.trained()) {
            for (int position : sequence.fresh()) {
                used.put(sequence.items()[position], job.windowEnd());
            }
        }
        used.forEach(this::use);
        RowPolicy.Plan plan =
                new RowPolicy(config).plan(vocabulary, lastUsed, List.copyOf(wanted), job.windowEnd());
        fill(plan, content, seed, job.windowEnd());
        used.keySet().removeIf(item -> vocabulary.rowOf(item) == 0);
        wanted.stream()
                .filter(item -> vocabulary.rowOf(item) > 0)
                .forEach(item -> used.put(item, job.windowEnd()));
        return new RowChanges(
                vocabulary.items(),
                plan.recycledRows().length,
                plan.refused(),
                content.ignored(),
                counts.waiting(),
                used);
    }

    /** Whether a row was given to an item by the last {@link #prepare}. */
    boolean isFresh(int row) {
        return fresh.get(row);
    }

    /**
     * The same items in a model of another graph, which no version has.
     *
     * @param other has the same item ids
     */
    public IndexedModel successor(RecommenderModel other) {
        IndexedModel successor = of(other, 0);
        successor.lastUsed = lastUsed.clone();
        return successor;
    }

    /**
     * Content vectors of items by their order, each as wide as the model's; all zero where the model
     * has none, or can't give them: models of early releases can't.
     */
    float[][] content(List<String> items) {
        int width = model.featureWidth();
        float[][] content = new float[items.size()][width];
        int[] known =
                IntStream.range(0, items.size())
                        .filter(i -> vocabulary.rowOf(items.get(i)) > 0)
                        .toArray();
        if (width == 0 || known.length == 0 || !model.exportsChanges()) {
            return content;
        }
        int[] rows = Arrays.stream(known).map(i -> vocabulary.rowOf(items.get(i))).toArray();
        float[] features = model.features(rows);
        for (int i = 0; i < known.length; i++) {
            content[known[i]] = Arrays.copyOfRange(features, i * width, (i + 1) * width);
        }
        return content;
    }

    /** Of some items, those whose content vector the model has otherwise, or can't give. */
    public List<EncodedItem> lacking(List<EncodedItem> items) {
        float[][] has = content(items.stream().map(EncodedItem::itemId).toList());
        return IntStream.range(0, has.length)
                .filter(i -> items.get(i).vector().length == model.featureWidth())
                .filter(i -> !Arrays.equals(items.get(i).vector(), has[i]))
                .mapToObj(items::get)
                .toList();
    }

    /**
     * Content of items that this model has and another lacks, or has otherwise: the catalog sends it
     * only once.
     */
    List<EncodedItem> contentLostIn(IndexedModel other) {
        List<EncodedItem> lost = new ArrayList<>();
        if (model.featureWidth() != other.model.featureWidth()) {
            return lost;
        }
        float[] none = new float[model.featureWidth()];
        for (int first = 1; first < vocabulary.size(); first += ROWS_AT_ONCE) {
            List<String> items =
                    IntStream.range(first, Math.min(vocabulary.size(), first + ROWS_AT_ONCE))
                            .mapToObj(vocabulary::itemId)
                            .filter(item -> !item.isEmpty())
                            .toList();
            float[][] content = content(items);
            lost.addAll(
                    other.lacking(
                            IntStream.range(0, content.length)
                                    .filter(i -> !Arrays.equals(content[i], none))
                                    .mapToObj(i -> item(items.get(i), content[i]))
                                    .toList()));
        }
        return lost;
    }

    private static EncodedItem item(String id, float[] vector) {
        return new EncodedItem(id, "", true, 0, vector, List.of());
    }

    @Override
    public void close() {
        model.close();
    }

    private void describe(List<EncodedItem> items) {
        for (List<EncodedItem> part : parts(items)) {
            int[] rows = part.stream().mapToInt(i -> vocabulary.rowOf(i.itemId())).toArray();
            model.describe(rows, features(part.stream().map(EncodedItem::vector).toList()));
        }
    }

    private void readLastUsed(Revisions.Snapshot snapshot) throws IOException {
        Path file = snapshot.directory().resolve(LAST_USED);
        if (Files.exists(file)) { // versions of earlier releases have none
            LongBuffer read =
                    ByteBuffer.wrap(Files.readAllBytes(file))
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asLongBuffer();
            read.get(lastUsed, 0, Math.min(lastUsed.length, read.remaining()));
        }
    }

    private void rename(int row, String itemId) {
        vocabulary.set(row, itemId);
        if (row >= lastUsed.length) {
            lastUsed = Arrays.copyOf(lastUsed, Math.max(row + 1, 2 * lastUsed.length));
        }
    }

    private void use(String itemId, long time) {
        int row = vocabulary.rowOf(itemId);
        if (row > 0) {
            lastUsed[row] = time;
        }
    }

    private void requireInStep() {
        if (vocabulary.size() != model.rows()) {
            throw new IllegalStateException(
                    "The model has %d rows, its vocabulary %d"
                            .formatted(model.rows(), vocabulary.size()));
        }
    }

    private float[] features(List<float[]> vectors) {
        int width = model.featureWidth();
        float[] features = new float[Math.multiplyExact(vectors.size(), width)];
        for (int i = 0; i < vectors.size(); i++) {
            System.arraycopy(vectors.get(i), 0, features, i * width, vectors.get(i).length);
        }
        return features;
    }

    private static <T> List<List<T>> parts(List<T> all) {
        List<List<T>> parts = new ArrayList<>();
        for (int first = 0; first < all.size(); first += ROWS_AT_ONCE) {
            parts.add(all.subList(first, Math.min(all.size(), first + ROWS_AT_ONCE)));
        }
        return parts;
    }
}
