package io.freshet.model.tensorflow;

import io.freshet.model.RecommenderModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Reads what a model holds per item, through a checkpoint. */
final class RowState {

    static final List<String> SLOTS =
            List.of(
                    "items/embedding/adam_mean",
                    "items/embedding/adam_variance",
                    "items/embedding/adam_clock",
                    "items/bias/adam_mean",
                    "items/bias/adam_variance",
                    "items/bias/adam_clock");

    private RowState() {}

    /** One row of a matrix variable. */
    static float[] of(RecommenderModel model, String variable, int row) {
        float[] all = all(model, variable);
        int width = all.length / model.rows();
        return Arrays.copyOfRange(all, row * width, (row + 1) * width);
    }

    /** A variable, flat. */
    static float[] all(RecommenderModel model, String variable) {
        try {
            Path directory = Files.createTempDirectory("row-state");
            model.save(directory);
            return read(directory.resolve("variables/variables").toString(), variable);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] read(String prefix, String variable) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            var restored =
                    tf.train.restore(
                            tf.constant(prefix),
                            tf.reshape(tf.constant(variable), tf.constant(new int[] {1})),
                            tf.reshape(tf.constant(""), tf.constant(new int[] {1})),
                            List.of(TFloat32.class));
            try (Result result = session.runner().fetch(restored.tensors().get(0)).run()) {
                TFloat32 tensor = (TFloat32) result.get(0);
                float[] values = new float[(int) tensor.size()];
                tensor.copyTo(DataBuffers.of(values));
                return values;
            }
        }
    }
}
