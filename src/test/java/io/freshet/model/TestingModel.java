package io.freshet.model;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A model that counts which item followed which: deterministic, without natives, and it does learn.
 * A batch with the item {@link #POISON} as target has a loss that is not finite; one with {@link
 * #HARM} makes the model forget all counts; after one with {@link #RUIN} no loss on validation
 * positions is finite. What it exports: by row, how many counts begin there; as dense tensor, those
 * counts, a line of three each: row, row of the follower, count.
 */
public final class TestingModel implements RecommenderModel {

    public static final String POISON = "poison";
    public static final String HARM = "harm";
    public static final String RUIN = "ruin";

    private static final double PRIOR = 0.1;

    private final TestingModelRuntime runtime;
    private int length;
    private int featureWidth;
    private List<String> itemIds = new ArrayList<>(List.of(""));
    private Map<String, Double> counts = new TreeMap<>();
    private Map<String, String> features = new TreeMap<>();
    private final SortedMap<Integer, String> renamed = new TreeMap<>();
    private final SortedSet<Integer> describedRows = new TreeSet<>();
    private final SortedSet<Integer> trainedRows = new TreeSet<>();
    private boolean closed;

    TestingModel(TestingModelRuntime runtime, int length, int featureWidth) {
        this.runtime = runtime;
        this.length = length;
        this.featureWidth = featureWidth;
    }

    static TestingModel load(TestingModelRuntime runtime, Path directory) throws IOException {
        TestingModel model = new TestingModel(runtime, 0, 0);
        model.restore(directory);
        return model;
    }

    /** How often {@code next} was trained to follow {@code previous}. */
    public double count(String previous, String next) {
        return counts.getOrDefault(previous + " " + next, 0.0);
    }

    /** Content vector of an item, as text; empty if it is all zero or unknown. */
    public String features(String itemId) {
        return features.getOrDefault(itemId, "");
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int rows() {
        return itemIds.size();
    }

    @Override
    public int featureWidth() {
        return featureWidth;
    }

    @Override
    public String[] itemIds() {
        return itemIds.toArray(new String[0]);
    }

    @Override
    public void append(String[] newIds, float[] vectors, long seed) {
        checkOpen();
        for (int i = 0; i < newIds.length; i++) {
            if (!newIds[i].isEmpty() && itemIds.contains(newIds[i])) {
                throw new IllegalArgumentException("Appended twice: " + newIds[i]);
            }
            rename(itemIds.size(), newIds[i]);
            describe(itemIds.size() - 1, vectors, i);
        }
    }

    @Override
    public void recycle(int[] rows, String[] newIds, float[] vectors, long seed) {
        checkOpen();
        for (int i = 0; i < rows.length; i++) {
            rename(rows[i], newIds[i]);
            describe(rows[i], vectors, i);
        }
    }

    /** Gives a row, or the next one, to an item without counts and content. */
    private void rename(int row, String itemId) {
        if (row == itemIds.size()) {
            itemIds.add(itemId);
        } else {
            String former = itemIds.get(row);
            features.remove(former);
            for (String pair : List.copyOf(counts.keySet())) {
                if (!former.isEmpty()
                        && (pair.startsWith(former + " ") || pair.endsWith(" " + former))) {
                    counts.remove(pair);
                    trainedRows.add(itemIds.indexOf(pair.substring(0, pair.lastIndexOf(' '))));
                }
            }
            itemIds.set(row, itemId);
        }
        renamed.put(row, itemId);
        trainedRows.add(row);
    }

    @Override
    public void describe(int[] rows, float[] vectors) {
        checkOpen();
        for (int i = 0; i < rows.length; i++) {
            describe(rows[i], vectors, i);
        }
    }

    @Override
    public float[] features(int[] rows) {
        checkTells();
        float[] vectors = new float[rows.length * featureWidth];
        for (int i = 0; i < rows.length; i++) {
            String text = features(itemIds.get(rows[i]));
            String[] numbers = text.isEmpty() ? new String[0] : text.split("[\\[\\], ]+");
            for (int j = 1; j < numbers.length; j++) { // the first is what is before the bracket
                vectors[i * featureWidth + j - 1] = Float.parseFloat(numbers[j]);
            }
        }
        return vectors;
    }

    @Override
    public StepResult train(TrainingBatch batch, StepRates rates) {
        checkOpen();
        runtime.pass();
        double loss = 0;
        boolean harm = false;
        Map<String, Double> learned = new HashMap<>();
        for (int i = 0; i < batch.positions().length; i++) {
            String previous = itemIds.get(batch.items()[batch.positions()[i]]);
            String next = itemIds.get(batch.candidates()[batch.labels()[i]]);
            loss += next.equals(POISON) ? Double.NaN : loss(previous, next);
            harm |= next.equals(HARM);
            learned.merge(previous + " " + next, 1.0, Double::sum);
        }
        if (harm) {
            counts.clear();
            IntStream.range(1, itemIds.size()).forEach(trainedRows::add);
        }
        IntStream.of(batch.items()).filter(row -> row > 0).forEach(trainedRows::add);
        learned.forEach((pair, count) -> counts.merge(pair, count, Double::sum));
        return new StepResult((float) (loss / batch.positions().length), 1);
    }

    @Override
    public EvaluationResult evaluate(EvaluationBatch batch) {
        checkOpen();
        int[] ranks = new int[batch.positions().length];
        float[] losses = new float[ranks.length];
        for (int i = 0; i < ranks.length; i++) {
            String previous = itemIds.get(batch.items()[batch.positions()[i]]);
            String target = itemIds.get(batch.targets()[i]);
            double wanted = count(previous, target);
            ranks[i] =
                    1
                            + (int)
                                    itemIds.stream()
                                            .skip(1)
                                            .filter(other -> count(previous, other) > wanted)
                                            .count();
            losses[i] = isRuined() ? Float.NaN : (float) loss(previous, target);
        }
        return new EvaluationResult(ranks, losses);
    }

    @Override
    public float[] teach(EvaluationBatch batch, RowSample sample) {
        checkOpen();
        int width = sample.rows().length;
        float[] probabilities = new float[batch.positions().length * width];
        for (int i = 0; i < probabilities.length; i++) {
            String previous = itemIds.get(batch.items()[batch.positions()[i / width]]);
            double loss = loss(previous, itemIds.get(sample.rows()[i % width]));
            probabilities[i] = (float) Math.exp(-loss);
        }
        return probabilities;
    }

    @Override
    public ScoringResult score(ScoringBatch batch) {
        checkOpen();
        int[] topRows = new int[batch.size() * batch.top()];
        float[] topScores = new float[topRows.length];
        float[] candidateScores = new float[batch.size() * batch.candidateWidth()];
        for (int b = 0; b < batch.size(); b++) {
            float[] scores = scoresAfter(last(batch, b));
            for (int c = b * batch.candidateWidth(); c < (b + 1) * batch.candidateWidth(); c++) {
                candidateScores[c] = scores[batch.candidates()[c]];
            }
            int first = b * batch.top();
            for (int row : best(scores, batch.top())) {
                topRows[first] = row;
                topScores[first++] = scores[row];
            }
        }
        return new ScoringResult(topRows, topScores, candidateScores);
    }

    /** The last item of a sequence, which is filled from the left. */
    private static int last(ScoringBatch batch, int sequence) {
        int column = batch.length() - 1;
        while (column > 0 && batch.items()[sequence * batch.length() + column] == 0) {
            column--;
        }
        return batch.items()[sequence * batch.length() + column];
    }

    private float[] scoresAfter(int row) {
        float[] scores = new float[itemIds.size()];
        for (int next = 1; next < scores.length; next++) {
            scores[next] = (float) -loss(itemIds.get(row), itemIds.get(next));
        }
        return scores;
    }

    private static int[] best(float[] scores, int most) {
        return IntStream.range(1, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> -scores[row]))
                .mapToInt(Integer::intValue)
                .limit(most)
                .toArray();
    }

    @Override
    public boolean exportsChanges() {
        return runtime.exportsChanges();
    }

    @Override
    public WeightChanges exportChanges() {
        checkTells();
        int[] trained = array(trainedRows);
        int[] described = array(describedRows);
        float[] beginning = new float[trained.length];
        List<Float> lines = new ArrayList<>();
        Map<String, Integer> rows = rowsByItem();
        counts.forEach(
                (pair, count) -> {
                    int row = requireNonNull(rows.get(pair.substring(0, pair.lastIndexOf(' '))));
                    if (trainedRows.contains(row)) {
                        beginning[Arrays.binarySearch(trained, row)]++;
                        int follower =
                                requireNonNull(rows.get(pair.substring(pair.lastIndexOf(' ') + 1)));
                        lines.addAll(List.of((float) row, (float) follower, count.floatValue()));
                    }
                });
        float[] flat = new float[lines.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = lines.get(i);
        }
        WeightChanges changes =
                new WeightChanges(
                        itemIds.size(),
                        array(renamed.keySet()),
                        renamed.values().toArray(new String[0]),
                        described,
                        new FloatTensor(
                                new long[] {described.length, featureWidth}, features(described)),
                        trained,
                        new TreeMap<>(
                                Map.of(
                                        "counts/beginning",
                                        new FloatTensor(
                                                new long[] {trained.length, 1}, beginning))),
                        new TreeMap<>(
                                Map.of(
                                        "counts",
                                        new FloatTensor(new long[] {flat.length / 3, 3}, flat))));
        restartChanges();
        return changes;
    }

    @Override
    public void importChanges(WeightChanges changes) {
        checkTells();
        int added = 0;
        for (int row : changes.renamedRows()) {
            added += row >= itemIds.size() ? 1 : 0;
        }
        if (itemIds.size() + added != changes.rows()) {
            throw new IllegalArgumentException(
                    "The changes make a table of %d rows by %d new ones, but the model has %d"
                            .formatted(changes.rows(), added, itemIds.size()));
        }
        for (int i = 0; i < changes.renamedRows().length; i++) {
            rename(changes.renamedRows()[i], changes.itemIds()[i]);
        }
        describe(changes.describedRows(), changes.features().values());
        for (int row : changes.trainedRows()) {
            counts.keySet().removeIf(pair -> pair.startsWith(itemIds.get(row) + " "));
        }
        float[] lines = requireNonNull(changes.denseTensors().get("counts")).values();
        for (int i = 0; i < lines.length; i += 3) {
            String pair = itemIds.get((int) lines[i]) + " " + itemIds.get((int) lines[i + 1]);
            counts.put(pair, (double) lines[i + 2]);
        }
        restartChanges();
    }

    private Map<String, Integer> rowsByItem() {
        Map<String, Integer> rows = new HashMap<>();
        for (int row = itemIds.size() - 1; row >= 0; row--) {
            rows.put(itemIds.get(row), row);
        }
        return rows;
    }

    private static int[] array(Collection<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private void restartChanges() {
        renamed.clear();
        describedRows.clear();
        trainedRows.clear();
    }

    @Override
    public void save(Path directory) throws IOException {
        checkOpen();
        Files.createDirectories(directory.resolve("variables"));
        Files.writeString(
                directory.resolve("saved_model.pb"), "testing " + length + " " + featureWidth);
        Files.write(directory.resolve("variables/items"), itemIds);
        List<String> pairs = new ArrayList<>();
        counts.forEach((pair, count) -> pairs.add(pair + " " + count));
        Files.write(directory.resolve("variables/counts"), pairs);
        List<String> described = new ArrayList<>();
        features.forEach((item, vector) -> described.add(item + "=" + vector));
        Files.write(directory.resolve("variables/features"), described);
    }

    @Override
    public void restore(Path directory) throws IOException {
        checkOpen();
        String[] graph = Files.readString(directory.resolve("saved_model.pb")).split(" ");
        length = Integer.parseInt(graph[1]);
        featureWidth = Integer.parseInt(graph[2]);
        itemIds = new ArrayList<>(Files.readAllLines(directory.resolve("variables/items")));
        restartChanges();
        counts = new TreeMap<>();
        for (String line : Files.readAllLines(directory.resolve("variables/counts"))) {
            int split = line.lastIndexOf(' ');
            counts.put(line.substring(0, split), Double.parseDouble(line.substring(split + 1)));
        }
        features = new TreeMap<>();
        for (String line : Files.readAllLines(directory.resolve("variables/features"))) {
            int split = line.indexOf('=');
            features.put(line.substring(0, split), line.substring(split + 1));
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private boolean isRuined() {
        return counts.keySet().stream().anyMatch(pair -> pair.endsWith(" " + RUIN));
    }

    private double loss(String previous, String next) {
        double all = 0;
        for (String other : itemIds) {
            all += count(previous, other) + PRIOR;
        }
        return -Math.log((count(previous, next) + PRIOR) / (all - PRIOR));
    }

    private void describe(int row, float[] vectors, int index) {
        describedRows.add(row);
        float[] vector =
                Arrays.copyOfRange(vectors, index * featureWidth, (index + 1) * featureWidth);
        boolean zero = true;
        for (float value : vector) {
            zero &= value == 0;
        }
        if (zero) {
            features.remove(itemIds.get(row));
        } else {
            features.put(itemIds.get(row), Arrays.toString(vector));
        }
    }

    private void checkTells() {
        checkOpen();
        if (!runtime.exportsChanges()) {
            throw new UnsupportedOperationException("The model can't export its changes");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The model is closed");
        }
    }
}
