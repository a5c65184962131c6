package io.freshet;

import io.freshet.history.HistoryState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.OperatorStateHandle;
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
