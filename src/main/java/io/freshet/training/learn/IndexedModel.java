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
import io.freshet.training.window.AdmissionCounts;
import io.freshet.training.window.RowPolicy;
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
import java.util.LinkedHashMap;
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

    /** Time of the last use of an item that is in the catalog. */
    private static final long LISTED = Long.MAX_VALUE;

    /** Rows whose content vectors are in memory at once. */
    private static final int ROWS_AT_ONCE = 65_536;

    private final RecommenderModel model;
    private final String graph;
    private Vocabulary vocabulary;
    private long[] lastUsed;
    private final BitSet fresh = new BitSet();
    private final BitSet free = new BitSet();
    private final BitSet listed = new BitSet();

    private IndexedModel(RecommenderModel model, String graph, long usedAt) {
        this.model = model;
        this.graph = graph;
        reset(usedAt);
    }

    private void reset(long usedAt) {
        vocabulary = Vocabulary.of(model.itemIds());
        lastUsed = new long[vocabulary.size()];
        Arrays.fill(lastUsed, usedAt);
        free.clear();
        listed.clear();
        for (int row = 1; row < vocabulary.size(); row++) {
            free.set(row, vocabulary.itemId(row).isEmpty());
        }
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
                        runtime.load(snapshot.directory()), snapshot.graph(), snapshot.windowEnd());
        loaded.readLastUsed(snapshot);
        return loaded;
    }

    public RecommenderModel model() {
        return model;
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Number of items that have a row. */
    public int items() {
        return vocabulary.size() - 1 - free.cardinality();
    }

    /** Number of items that have a row in the model and none in the catalog. */
    public int unlisted() {
        return items() - listed.cardinality();
    }

    /** Whether {@link #restore} can read a version. */
    boolean fits(Revisions.Snapshot snapshot) {
        return !graph.isEmpty() && graph.equals(snapshot.graph());
    }

    /** Takes over the weights and rows of a version of the same graph. */
    void restore(Revisions.Snapshot snapshot) throws IOException {
        model.restore(snapshot.directory());
        reset(snapshot.windowEnd());
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
     * rows for items that are to have one, see {@link AdmissionCounts} and {@link RowPolicy}.
     *
     * @param seed of the fresh rows
     */
    public RowChanges prepare(FitJob job, TrainingConfig.Vocabulary config, long seed) {
        fresh.clear();
        List<EncodedItem> known = new ArrayList<>();
        Map<String, EncodedItem> added = new LinkedHashMap<>();
        int ignored = 0;
        for (EncodedItem item : inOrder(job.items())) {
            if (item.vector().length != model.featureWidth()) {
                ignored++;
            } else if (vocabulary.rowOf(item.itemId()) > 0) {
                known.add(item);
            } else if (item.available()) {
                added.put(item.itemId(), item);
            }
        }
        describe(known);
        AdmissionCounts counts = new AdmissionCounts(config.admissionInteractions(), job.waiting());
        Set<String> wanted = new LinkedHashSet<>(added.keySet());
        wanted.addAll(
                counts.admit(
                        job.trained(),
                        item -> vocabulary.rowOf(item) > 0 || added.containsKey(item)));
        RowPolicy.Plan plan =
                new RowPolicy(config)
                        .plan(
                                new RowPolicy.Rows(vocabulary.size(), free, lastUsed),
                                List.copyOf(wanted),
                                job.window(),
                                job.windowEnd());
        int recycled = (int) Arrays.stream(plan.recycled()).filter(row -> !free.get(row)).count();
        fill(plan, added, seed);
        Map<String, Long> used = use(job, known, added, config);
        return new RowChanges(
                items(), unlisted(), recycled, plan.refused(), ignored, counts.waiting(), used);
    }

    /** Content in an order that does not depend on how it arrived. */
    private static List<EncodedItem> inOrder(List<EncodedItem> items) {
        return items.stream()
                .sorted(
                        Comparator.comparingLong(EncodedItem::timestamp)
                                .thenComparing(EncodedItem::itemId))
                .toList();
    }

    /** Gives rows to items: with their content, or with none. */
    private void fill(RowPolicy.Plan plan, Map<String, EncodedItem> added, long seed) {
        if (plan.recycled().length > 0) {
            String[] ids = plan.recycledIds().toArray(new String[0]);
            model.recycle(plan.recycled(), ids, features(plan.recycledIds(), added), seed);
            for (int i = 0; i < ids.length; i++) {
                rename(plan.recycled()[i], ids[i]);
            }
        }
        List<String> listed = plan.appended().stream().filter(added::containsKey).toList();
        List<String> unlisted =
                plan.appended().stream().filter(i -> !added.containsKey(i)).toList();
        append(listed, added, seed);
        append(unlisted, added, ~seed);
        requireInStep();
    }

    private void append(List<String> items, Map<String, EncodedItem> added, long seed) {
        for (int first = 0; first < items.size(); first += ROWS_AT_ONCE) {
            List<String> part = items.subList(first, Math.min(items.size(), first + ROWS_AT_ONCE));
            model.append(part.toArray(new String[0]), features(part, added), seed);
            part.forEach(item -> rename(vocabulary.size(), item));
        }
    }

    /**
     * Enters which items a job uses: those in the catalog count as used until they are withdrawn,
     * others when they are interacted with.
     *
     * @return what changed
     */
    private Map<String, Long> use(
            FitJob job,
            List<EncodedItem> known,
            Map<String, EncodedItem> added,
            TrainingConfig.Vocabulary config) {
        Map<String, Long> used = new TreeMap<>();
        long withdrawn =
                job.windowEnd() - config.ttl().toMillis() + config.withdrawnTtl().toMillis();
        known.forEach(item -> used.put(item.itemId(), item.available() ? LISTED : withdrawn));
        added.keySet().forEach(item -> used.put(item, LISTED));
        used.forEach(this::use); // a withdrawn item is not in the catalog any more
        for (TrainingSequence sequence : job.trained()) {
            for (int position : sequence.fresh()) {
                String item = sequence.items()[position];
                boolean listed = lastUsed[vocabulary.rowOf(item)] == LISTED;
                used.merge(item, listed ? LISTED : job.windowEnd(), Math::max);
            }
        }
        used.keySet().removeIf(item -> vocabulary.rowOf(item) == 0);
        used.forEach(this::use);
        return used;
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
        successor.listed.or(listed);
        return successor;
    }

    /**
     * Content vectors of items by their order, each as wide as the model's; all zero where the
     * model has none, or can't give them: models of early releases can't.
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
     * Content of items that this model has and another lacks, or has otherwise: the catalog sends
     * it only once.
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
        return new EncodedItem(id, true, 0, vector, List.of());
    }

    @Override
    public void close() {
        model.close();
    }

    /** Replaces content vectors, where they are others. */
    private void describe(List<EncodedItem> items) {
        for (int first = 0; first < items.size(); first += ROWS_AT_ONCE) {
            List<EncodedItem> part =
                    lacking(items.subList(first, Math.min(items.size(), first + ROWS_AT_ONCE)));
            int[] rows = part.stream().mapToInt(i -> vocabulary.rowOf(i.itemId())).toArray();
            model.describe(rows, concatenated(part.stream().map(EncodedItem::vector).toList()));
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
            for (int row = 1; row < vocabulary.size(); row++) {
                listed.set(row, lastUsed[row] == LISTED);
            }
        }
    }

    private void rename(int row, String itemId) {
        vocabulary.set(row, itemId);
        fresh.set(row);
        free.set(row, itemId.isEmpty());
        listed.clear(row);
        if (row >= lastUsed.length) {
            lastUsed = Arrays.copyOf(lastUsed, Math.max(row + 1, 2 * lastUsed.length));
        }
    }

    private void use(String itemId, long time) {
        int row = vocabulary.rowOf(itemId);
        if (row > 0) {
            lastUsed[row] = time;
            listed.set(row, time == LISTED);
        }
    }

    private void requireInStep() {
        if (vocabulary.size() != model.rows()) {
            throw new IllegalStateException(
                    "The model has %d rows, its vocabulary %d"
                            .formatted(model.rows(), vocabulary.size()));
        }
    }

    private float[] features(List<String> items, Map<String, EncodedItem> content) {
        float[] none = new float[model.featureWidth()];
        return concatenated(
                items.stream()
                        .map(item -> content.containsKey(item) ? content.get(item).vector() : none)
                        .toList());
    }

    private float[] concatenated(List<float[]> vectors) {
        int width = model.featureWidth();
        float[] features = new float[Math.multiplyExact(vectors.size(), width)];
        for (int i = 0; i < vectors.size(); i++) {
            System.arraycopy(vectors.get(i), 0, features, i * width, width);
        }
        return features;
    }
}
