package io.freshet.kafka;

import static io.freshet.kafka.Brokers.result;

import io.freshet.config.option.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Jobs that live and have what another is about to take, by the groups of {@link JobPresence}. One
 * that was killed is a member for a while yet, so the look lasts until it is out.
 */
final class OtherJobs {

    private static final long PAUSE_MILLIS = 500;

    private final Admin admin;
    private final String ownJob;
    private final Duration patience;

    /**
     * @param ownJob id of the job that is started again, empty if it is a new one
     * @param patience how long the dead may still be members
     */
    OtherJobs(Admin admin, String ownJob, Duration patience) {
        this.admin = admin;
        this.ownJob = ownJob;
        this.patience = patience;
    }

    /**
     * Adds to {@code problems} whose owner lives.
     *
     * @param owned group of the owner, by the option that names what it owns
     * @param values value of each option
     */
    void check(Map<String, String> owned, Map<String, String> values, Problems problems)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (Map.Entry<String, String> each : owned.entrySet()) {
            List<MemberDescription> members = members(each.getValue());
            while (!members.isEmpty() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                members = members(each.getValue());
            }
            if (!members.isEmpty()) {
                MemberDescription owner = members.get(0);
                problems.add(
                        each.getKey(),
                        values.getOrDefault(each.getKey(), ""),
                        ("one that no running job has, but %s has it, on %s (a member of the consumer"
                                        + " group '%s'); stop that job, or choose another. If its"
                                        + " job manager has just died, its tasks end within"
                                        + " heartbeat.timeout: try again then")
                                .formatted(owner.clientId(), owner.host(), each.getValue()));
            }
        }
    }

    private List<MemberDescription> members(String group) throws InterruptedException {
        try {
            return result(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                    .flatMap(found -> found.members().stream())
                    .filter(member -> ownJob.isEmpty() || !member.clientId().contains(ownJob))
                    .toList();
        } catch (GroupIdNotFoundException e) {
            return List.of();
        }
    }
}
