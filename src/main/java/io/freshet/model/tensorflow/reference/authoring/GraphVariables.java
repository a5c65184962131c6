package io.freshet.model.tensorflow.reference.authoring;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.Restore;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * The variables of a graph that is being authored: made here once, given first values once, saved
 * and restored as one.
 */
public final class GraphVariables {

    private final Ops tf;
    private final List<GraphVariable<?>> saved = new ArrayList<>();
    private final List<Op> firstAssignments = new ArrayList<>();
    private final List<Given> given = new ArrayList<>();
    private final List<Op> afterRestore = new ArrayList<>();

    /** A first value that comes from outside the graph, which would carry it forever. */
    private record Given(Placeholder<TFloat32> input, Shape shape, Supplier<FloatBuffer> numbers) {}

    /**
     * @param tf authors the graph
     */
    public GraphVariables(Ops tf) {
        this.tf = tf;
    }

    /**
     * Adds a variable that checkpoints hold.
     *
     * @param shape its shape; an unknown dimension may change with every assignment
     * @param first its first value
     */
    public <T extends TType> GraphVariable<T> add(
            String name, Class<T> type, Shape shape, Operand<T> first) {
        GraphVariable<T> variable = handle(name, type, shape);
        saved.add(variable);
        firstAssignments.add(variable.assign(tf, first));
        return variable;
    }

    /**
     * Adds a variable that checkpoints hold.
     *
     * @param first reads its first value, row by row
     */
    public GraphVariable<TFloat32> addGiven(String name, Shape shape, Supplier<FloatBuffer> first) {
        Placeholder<TFloat32> input = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
        given.add(new Given(input, shape, first));
        return add(name, TFloat32.class, shape, input);
    }

    /** Adds a variable that checkpoints leave out and that every restore sets to a value. */
    public <T extends TType> GraphVariable<T> addTransient(
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
    public Op initial() {
        return tf.withControlDependencies(firstAssignments).noOp();
    }

    /** Gives every variable of a session its first value. */
    public void initialize(Session session, Op initial) {
        Session.Runner runner = session.runner().addTarget(initial);
        List<TFloat32> values = new ArrayList<>();
        try {
            for (Given each : given) {
                TFloat32 value =
                        TFloat32.tensorOf(each.shape(), DataBuffers.of(each.numbers().get()));
                values.add(value);
                runner.feed(each.input(), value);
            }
            runner.run().close();
        } finally {
            values.forEach(TFloat32::close);
        }
    }

    /** Adds the ops that write and read a checkpoint, and describes them as a SavedModel does. */
    public SaverDef saver() {
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

    /** The values of dense variables as one signature reads them, each read once. */
    public static final class Weights {

        private final Ops tf;
        private final Map<GraphVariable<TFloat32>, Operand<TFloat32>> read = new LinkedHashMap<>();

        /**
         * @param tf authors the signature
         */
        public Weights(Ops tf) {
            this.tf = tf;
        }

        /** The value of one variable. */
        public Operand<TFloat32> of(GraphVariable<TFloat32> variable) {
            return read.computeIfAbsent(variable, unread -> unread.read(tf));
        }

        /** What was read, in the order of the variables given. */
        public List<Operand<TFloat32>> of(List<GraphVariable<TFloat32>> variables) {
            List<Operand<TFloat32>> values = new ArrayList<>();
            variables.forEach(variable -> values.add(of(variable)));
            return values;
        }
    }
}
