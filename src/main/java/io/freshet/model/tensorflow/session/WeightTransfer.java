package io.freshet.model.tensorflow.session;

import static java.util.Objects.requireNonNull;

import io.freshet.model.tensorflow.device.ComputeDevice;
import io.freshet.model.tensorflow.session.SavedVariables.Declared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * What a new reference model takes over from a saved one. All that is held per item, and the head
 * over it, must have its place, or the item vectors would not be the same any more. Of the body,
 * weights of the same name and shape are taken; its optimizer's slots and clocks only with all of
 * it, because a fresh weight needs a fresh clock.
 *
 * @param from the saved model's directory
 * @param to the new model's directory
 * @param names the new model's variables
 * @param taken those of them that are taken over
 */
public record WeightTransfer(Path from, Path to, Map<String, Declared> names, Set<String> taken) {

    private static final String SLOT = "/adam_";

    /**
     * Compares two models.
     *
     * @throws IOException if the saved model's item vectors have no place in the new one
     */
    public static WeightTransfer of(Path from, Path to) throws IOException {
        Map<String, Declared> old = SavedVariables.of(from).byName();
        Map<String, Declared> names = SavedVariables.of(to).byName();
        Set<String> taken = new LinkedHashSet<>();
        boolean wholeBody = true;
        for (Map.Entry<String, Declared> variable : names.entrySet()) {
            String name = variable.getKey();
            if (variable.getValue().equals(old.get(name))) {
                taken.add(name);
            } else if (isOfItemVectors(name)) {
                throw new IllegalArgumentException(
                        "The item vectors of the model in %s can't be carried over: found '%s' of"
                                        .formatted(from, name)
                                + " shape %s, expected %s. Set model.width, item.modalities and"
                                        .formatted(old.get(name), variable.getValue())
                                + " encoder.* as they were; or pre-train a base with the new"
                                + " options, and start the job without its state");
            } else {
                wholeBody = false;
            }
        }
        if (!wholeBody) {
            taken.removeIf(name -> !isOfItemVectors(name) && name.contains(SLOT));
        }
        return new WeightTransfer(from, to, names, taken);
    }

    private static boolean isOfItemVectors(String name) {
        return name.startsWith("items/") || name.startsWith("head/");
    }

    /** Overwrites the new model's variables by those that are taken over. */
    public void write() throws IOException {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            List<String> fresh = new ArrayList<>(names.keySet());
            fresh.removeAll(taken);
            List<String> order = new ArrayList<>(taken);
            order.addAll(fresh);
            List<Operand<?>> values = new ArrayList<>(read(tf, from, List.copyOf(taken)));
            values.addAll(read(tf, to, fresh));
            Op save =
                    tf.train.save(
                            tf.constant(variables(to)),
                            strings(tf, order),
                            wholes(tf, order),
                            values);
            try (Session session = new Session(graph, ComputeDevice.CPU.session().build())) {
                session.runner().addTarget(save).run().close();
            }
        } catch (TensorFlowException e) {
            throw new IOException(
                    "The weights in " + from + " can't be taken over: " + e.getMessage(), e);
        }
    }

    private List<Operand<?>> read(Ops tf, Path directory, List<String> some) {
        List<Class<? extends TType>> types = new ArrayList<>();
        for (String name : some) {
            types.add(type(requireNonNull(names.get(name))));
        }
        return some.isEmpty()
                ? List.of()
                : List.copyOf(
                        tf.train
                                .restore(
                                        tf.constant(variables(directory)),
                                        strings(tf, some),
                                        wholes(tf, some),
                                        types)
                                .tensors());
    }

    private static String variables(Path directory) {
        return directory.resolve("variables").resolve("variables").toString();
    }

    private static Operand<TString> strings(Ops tf, List<String> names) {
        return tf.constant(StandardCharsets.UTF_8, names.toArray(new String[0]));
    }

    private static Operand<TString> wholes(Ops tf, List<String> names) {
        String[] wholes = new String[names.size()];
        Arrays.fill(wholes, "");
        return tf.constant(StandardCharsets.UTF_8, wholes);
    }

    private static Class<? extends TType> type(Declared variable) {
        return switch (variable.type()) {
            case DT_FLOAT -> TFloat32.class;
            case DT_STRING -> TString.class;
            case DT_BOOL -> TBool.class;
            case DT_INT32 -> TInt32.class;
            case DT_INT64 -> TInt64.class;
            default ->
                    throw new IllegalArgumentException(
                            "Reference models have no variables of type " + variable.type());
        };
    }
}
