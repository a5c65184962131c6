package io.freshet.model.tensorflow.reference;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.Restore;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * The variables of a graph that is being authored: made here once, given first values once, saved
 * and restored as one.
 */
final class GraphVariables {

    private final Ops tf;
    private final List<GraphVariable<?>> saved = new ArrayList<>();
    private final List<Op> firstAssignments = new ArrayList<>();
    private final List<Op> afterRestore = new ArrayList<>();

    GraphVariables(Ops tf) {
        this.tf = tf;
    }

    /**
     * Adds a variable that checkpoints hold.
     *
     * @param shape its shape; an unknown dimension may change with every assignment
     * @param first its first value
     */
    <T extends TType> GraphVariable<T> add(
            String name, Class<T> type, Shape shape, Operand<T> first) {
        GraphVariable<T> variable = handle(name, type, shape);
        saved.add(variable);
        firstAssignments.add(variable.assign(tf, first));
        return variable;
    }

    /** Adds a variable that checkpoints leave out and that every restore sets to a value. */
    <T extends TType> GraphVariable<T> addTransient(
            String name, Class<T> type, Shape shape, Operand<T> value) {
        GraphVariable<T> variable = handle(name, type, shape);
        firstAssignments.add(variable.assign(tf, value));
        afterRestore.add(variable.assign(tf, value));
        return variable;
    }

    private <T extends TType> GraphVariable<T> handle(String name, Class<T> type, Shape shape) {
        return new GraphVariable<>(
                name, type, shape, tf.varHandleOp(type, shape, VarHandleOp.sharedName(name)));
    }

    /** The operation that gives every variable its first value. */
    Op initial() {
        return tf.withControlDependencies(firstAssignments).noOp();
    }

    /** Adds the ops that write and read a checkpoint, and describes them as a SavedModel does. */
    SaverDef saver() {
        Placeholder<TString> prefix =
                tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
        String[] names = saved.stream().map(GraphVariable::name).toArray(String[]::new);
        String[] wholes = new String[names.length];
        Arrays.fill(wholes, "");
        Operand<TString> tensorNames = tf.constant(StandardCharsets.UTF_8, names);
        Operand<TString> slices = tf.constant(StandardCharsets.UTF_8, wholes);
        List<Operand<?>> values = new ArrayList<>();
        List<Class<? extends TType>> types = new ArrayList<>();
        for (GraphVariable<?> variable : saved) {
            values.add(variable.read(tf));
            types.add(variable.type());
        }
        Op save = tf.train.save(prefix, tensorNames, slices, values);
        Operand<TString> written = tf.withControlDependencies(save).identity(prefix);
        Restore restored = tf.train.restore(prefix, tensorNames, slices, types);
        List<Op> assignments = new ArrayList<>(afterRestore);
        for (int i = 0; i < saved.size(); i++) {
            assignments.add(tf.assignVariableOp(saved.get(i).handle(), restored.tensors().get(i)));
        }
        Op restore = tf.withControlDependencies(assignments).noOp();
        return SaverDef.newBuilder()
                .setFilenameTensorName(prefix.op().name() + ":0")
                .setSaveTensorName(written.op().name() + ":0")
                .setRestoreOpName(restore.op().name())
                .setVersion(SaverDef.CheckpointFormatVersion.V2)
                .build();
    }
}
