package io.freshet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.freshet.history.HistoryState;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.restore.FullSnapshotRestoreOperation;
import org.apache.flink.runtime.state.restore.KeyGroupEntry;
import org.apache.flink.runtime.state.restore.SavepointRestoreResult;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.state.api.runtime.SavepointLoader;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** What is in a savepoint of the whole job. */
final class TestingSavepoint {

    private TestingSavepoint() {}

    /** Names of all managed states, each behind the uid of its operator. */
    static SortedSet<String> states(String path) throws IOException {
        SortedSet<String> states = new TreeSet<>();
        for (OperatorState operator :
                SavepointLoader.loadSavepointMetadata(path).getOperatorStates()) {
            String uid = operator.getOperatorUid().orElseThrow();
            for (OperatorSubtaskState subtask : operator.getStates()) {
                for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                    handle.getStateNameToPartitionOffsets()
                            .keySet()
                            .forEach(name -> states.add(uid + "/" + name));
                }
                if (!subtask.getManagedKeyedState().isEmpty()) {
                    SavepointLoader.loadOperatorStateMetadata(path, OperatorIdentifier.forUid(uid))
                            .keySet()
                            .forEach(name -> states.add(uid + "/" + name));
                }
            }
        }
        return states;
    }

    /**
     * Names of the states that an ASCII text is in, keys included: a canonical savepoint holds it
     * as it is.
     */
    static SortedSet<String> statesWith(String path, String text) throws Exception {
        SortedSet<String> states = new TreeSet<>();
        for (OperatorState operator :
                SavepointLoader.loadSavepointMetadata(path).getOperatorStates()) {
            Predicate<byte[]> has = bytes -> new String(bytes, ISO_8859_1).contains(text);
            String uid = operator.getOperatorUid().orElseThrow();
            if (operator.getCoordinatorState() != null
                    && has.test(operator.getCoordinatorState().getData())) {
                states.add(uid + "/coordinator");
            }
            for (OperatorSubtaskState subtask : operator.getStates()) {
                if (subtask.getRawKeyedState().hasState()
                        || subtask.getRawOperatorState().hasState()) {
                    throw new AssertionError("Raw state of " + uid + " is not looked through");
                }
                for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                    search(handle, has).forEach(name -> states.add(uid + "/" + name));
                }
                for (KeyedStateHandle handle : subtask.getManagedKeyedState()) {
                    search(handle, has).forEach(name -> states.add(uid + "/" + name));
                }
            }
        }
        return states;
    }

    /** Operator states: partitions of lists, each up to where the next begins. */
    private static Set<String> search(OperatorStateHandle handle, Predicate<byte[]> has)
            throws IOException {
        NavigableMap<Long, String> begins = new TreeMap<>();
        handle.getStateNameToPartitionOffsets()
                .forEach(
                        (name, partitions) -> {
                            for (long offset : partitions.getOffsets()) {
                                begins.put(offset, name);
                            }
                        });
        byte[] bytes;
        try (InputStream file = handle.openInputStream()) {
            bytes = file.readAllBytes();
        }
        Set<String> names = new HashSet<>();
        begins.forEach(
                (offset, name) -> {
                    Long next = begins.higherKey(offset);
                    int end = next == null ? bytes.length : next.intValue();
                    if (has.test(Arrays.copyOfRange(bytes, offset.intValue(), end))) {
                        names.add(name);
                    }
                });
        return names;
    }

    private static Set<String> search(KeyedStateHandle handle, Predicate<byte[]> has)
            throws Exception {
        Set<String> names = new HashSet<>();
        var restored =
                new FullSnapshotRestoreOperation<>(
                                handle.getKeyGroupRange(),
                                TestingSavepoint.class.getClassLoader(),
                                List.of(handle),
                                StateSerializerProvider.fromNewRegisteredSerializer(
                                        StringSerializer.INSTANCE))
                        .restore();
        try (restored) {
            while (restored.hasNext()) {
                SavepointRestoreResult found = restored.next();
                try (var groups = found.getRestoredKeyGroups()) {
                    while (groups.hasNext()) {
                        try (var entries = groups.next().getKeyGroupEntries()) {
                            while (entries.hasNext()) {
                                KeyGroupEntry entry = entries.next();
                                if (has.test(entry.getKey()) || has.test(entry.getValue())) {
                                    names.add(
                                            found.getStateMetaInfoSnapshots()
                                                    .get(entry.getKvStateId())
                                                    .getName());
                                }
                            }
                        }
                    }
                }
            }
        }
        return names;
    }

    /** Each user's history; read by a job on the test's cluster. */
    static Map<String, HistoryState> histories(String path) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        Map<String, HistoryState> histories = new HashMap<>();
        try (CloseableIterator<Tuple2<String, HistoryState>> found =
                SavepointReader.read(env, path)
                        .readKeyedState(
                                OperatorIdentifier.forUid(OperatorIds.HISTORY),
                                new Histories(),
                                Types.STRING,
                                Types.TUPLE(Types.STRING, TypeInformation.of(HistoryState.class)))
                        .executeAndCollect()) {
            found.forEachRemaining(each -> histories.put(each.f0, each.f1));
        }
        return histories;
    }

    private static final class Histories
            extends KeyedStateReaderFunction<String, Tuple2<String, HistoryState>> {

        private static final long serialVersionUID = 1L;

        private transient @Nullable ValueState<HistoryState> histories;

        @Override
        public void open(OpenContext context) {
            ValueStateDescriptor<HistoryState> descriptor =
                    new ValueStateDescriptor<>("history", TypeInformation.of(HistoryState.class));
            descriptor.enableTimeToLive(StateTtlConfig.newBuilder(TestingLife.FOR_GOOD).build());
            histories = getRuntimeContext().getState(descriptor);
        }

        @Override
        public void readKey(
                String user, Context context, Collector<Tuple2<String, HistoryState>> out)
                throws Exception {
            HistoryState history = histories == null ? null : histories.value();
            if (history != null) {
                out.collect(Tuple2.of(user, history));
            }
        }
    }
}
