package io.freshet.model.tensorflow;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.SequenceAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some sequences of an evaluation batch, so few that the scores of all rows for all their targets
 * stay within {@link #MOST_SCORES}.
 *
 * @param size number of sequences
 * @param items their items, [size, T]
 * @param attributes what else is known of their positions
 * @param positions their positions, counted from the chunk's start
 * @param targets row of each position's target
 * @param order index of each position in the whole batch
 */
record EvaluationChunk(
        int size,
        int[] items,
        SequenceAttributes attributes,
        int[] positions,
        int[] targets,
        int[] order) {

    /** 64 MiB of floats. */
    static final long MOST_SCORES = 1 << 24;

    /** Splits a batch; a sequence whose targets alone exceed the limit is a chunk of its own. */
    static List<EvaluationChunk> split(EvaluationBatch batch, int rows) {
        int[][] order = bySequence(batch);
        long most = Math.max(1, MOST_SCORES / rows);
        List<EvaluationChunk> chunks = new ArrayList<>();
        int from = 0;
        long targets = 0;
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            if (targets > 0 && targets + order[sequence].length > most) {
                chunks.add(chunk(batch, order, from, sequence));
                from = sequence;
                targets = 0;
            }
            targets += order[sequence].length;
        }
        if (targets > 0) {
            chunks.add(chunk(batch, order, from, batch.size()));
        }
        return chunks;
    }

    /** Indexes into the batch's positions, for each sequence. */
    private static int[][] bySequence(EvaluationBatch batch) {
        int[] counts = new int[batch.size()];
        for (int position : batch.positions()) {
            counts[position / batch.length()]++;
        }
        int[][] order = new int[batch.size()][];
        Arrays.setAll(order, sequence -> new int[counts[sequence]]);
        int[] filled = new int[batch.size()];
        for (int i = 0; i < batch.positions().length; i++) {
            int sequence = batch.positions()[i] / batch.length();
            order[sequence][filled[sequence]++] = i;
        }
        return order;
    }

    private static EvaluationChunk chunk(EvaluationBatch batch, int[][] order, int from, int to) {
        int length = batch.length();
        int[] mine = Arrays.stream(order, from, to).flatMapToInt(Arrays::stream).toArray();
        return new EvaluationChunk(
                to - from,
                Arrays.copyOfRange(batch.items(), from * length, to * length),
                batch.attributes().range(length, from, to),
                Arrays.stream(mine).map(i -> batch.positions()[i] - from * length).toArray(),
                Arrays.stream(mine).map(i -> batch.targets()[i]).toArray(),
                mine);
    }

    void spread(int[] values, int[] whole) {
        for (int i = 0; i < order.length; i++) {
            whole[order[i]] = values[i];
        }
    }

    void spread(float[] values, float[] whole) {
        for (int i = 0; i < order.length; i++) {
            whole[order[i]] = values[i];
        }
    }
}
