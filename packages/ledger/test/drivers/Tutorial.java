// SPDX-License-Identifier: MIT
import com.amazon.ion.IonDatagram;
import com.amazon.ion.IonInt;
import com.amazon.ion.IonString;
import com.amazon.ion.IonStruct;
import com.amazon.ion.IonSystem;
import com.amazon.ion.IonText;
import com.amazon.ion.IonValue;
import com.amazon.ion.system.IonSystemBuilder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.qldbsession.QldbSessionClient;
import software.amazon.qldb.QldbDriver;
import software.amazon.qldb.Result;

/**
 * Uses a ledger as an application on the official Java driver would: tables, every Ion type, history, pages, conflicts,
 * expiry.
 *
 * <p>{@code java Tutorial.java ENDPOINT LEDGER SAMPLES}. SAMPLES has a name, a tab and an Ion value on each line. One line
 * is printed for each thing that was tried. After a line "pause ..." it goes on when it can read a line.
 */
public final class Tutorial {
    private static final IonSystem ION = IonSystemBuilder.standard().build();
    private static final Scanner INPUT = new Scanner(System.in);

    private final URI endpoint;
    private final String ledger;
    private final QldbDriver driver;

    private Tutorial(URI endpoint, String ledger) {
        this.endpoint = endpoint;
        this.ledger = ledger;
        this.driver = connect();
    }

    public static void main(String[] args) throws Exception {
        Tutorial tutorial = new Tutorial(URI.create(args[0]), args[1]);
        tutorial.createTables();
        tutorial.keepSamples(Files.readAllLines(Path.of(args[2])));
        tutorial.changeAndRemember();
        tutorial.readPages();
        tutorial.surviveConflict();
        tutorial.beRefused();
        tutorial.outliveTransaction();
        tutorial.outliveServer();
        tutorial.driver.close();
    }

    private QldbDriver connect() {
        return QldbDriver.builder()
                .ledger(ledger)
                .sessionClientBuilder(QldbSessionClient.builder().endpointOverride(endpoint))
                .build();
    }

    private void createTables() {
        run(driver, "CREATE TABLE Vehicle");
        run(driver, "CREATE TABLE Sample");
        run(driver, "CREATE INDEX ON Vehicle (vin)");
        Set<String> names = new TreeSet<>();
        driver.getTableNames().forEach(names::add);
        say("tables", String.join(" ", names));
    }

    private void keepSamples(List<String> lines) {
        for (String line : lines) {
            String[] sample = line.split("\t", 2);
            IonValue value = ION.singleValue(sample[1]);
            IonStruct document = ION.newEmptyStruct();
            document.put("name", ION.newString(sample[0]));
            document.put("value", value);
            run(driver, "INSERT INTO Sample ?", document);
            IonValue kept = only(run(driver, "SELECT s.\"value\" FROM Sample AS s WHERE s.name = ?", ION.newString(sample[0])), "value");
            say("type " + sample[0], kept.equals(value) ? "equal" : kept.toString());
        }
    }

    private void changeAndRemember() {
        String document = ((IonText) only(run(driver, "INSERT INTO Vehicle ?", struct("{vin: \"1\", owner: \"Ann\"}")), "documentId")).stringValue();
        say("document id", document.length());
        say("updated", run(driver, "UPDATE Vehicle AS v SET v.owner = ? WHERE v.vin = ?", ION.newString("Bob"), ION.newString("1")).size());
        IonValue version = only(run(driver, "SELECT v.metadata.version FROM _ql_committed_Vehicle AS v WHERE v.data.vin = '1'"), "version");
        say("version", ((IonInt) version).intValue());
        run(driver, "DELETE FROM Vehicle WHERE vin = ?", ION.newString("1"));
        List<String> owners = new ArrayList<>();
        for (IonValue row : run(driver, "SELECT h.data.owner FROM history(Vehicle) AS h WHERE h.metadata.id = ?", ION.newString(document))) {
            IonString owner = (IonString) ((IonStruct) row).get("owner");
            owners.add(owner == null ? "deleted" : owner.stringValue());
        }
        say("history", String.join(" ", owners));
    }

    private void readPages() {
        for (int first = 0; first < 400; first += 40) {
            IonValue documents = ION.newEmptyList();
            for (int number = first; number < first + 40; number++) {
                ((com.amazon.ion.IonList) documents).add(struct("{vin: \"page-" + number + "\"}"));
            }
            run(driver, "INSERT INTO Vehicle ?", documents);
        }
        driver.execute(transaction -> {
            Result result = transaction.execute("SELECT v.vin FROM Vehicle AS v");
            Set<String> found = new HashSet<>();
            result.forEach(row -> found.add(row.toString()));
            say("pages", found.size());
            say("read ios", result.getConsumedIOs().getReadIOs());
            say("timed", result.getTimingInformation() != null);
        });
    }

    private void surviveConflict() {
        run(driver, "INSERT INTO Vehicle ?", struct("{vin: \"counter\", count: 0}"));
        QldbDriver other = connect();
        int[] attempts = {0};
        driver.execute(transaction -> {
            attempts[0]++;
            IonStruct row = (IonStruct) transaction.execute("SELECT v.\"count\" FROM Vehicle AS v WHERE v.vin = 'counter'").iterator().next();
            if (attempts[0] == 1) {
                run(other, "UPDATE Vehicle AS v SET v.\"count\" = 10 WHERE v.vin = 'counter'");
            }
            int next = ((IonInt) row.get("count")).intValue() + 1;
            transaction.execute("UPDATE Vehicle AS v SET v.\"count\" = ? WHERE v.vin = 'counter'", ION.newInt(next));
        });
        IonValue count = only(run(driver, "SELECT v.\"count\" FROM Vehicle AS v WHERE v.vin = 'counter'"), "count");
        say("conflict", attempts[0] + " attempts, count " + ((IonInt) count).intValue());
    }

    private void beRefused() {
        try {
            run(driver, "SELECT * FROM Nowhere");
        } catch (AwsServiceException error) {
            say("refused", error.awsErrorDetails().errorCode());
        }
    }

    private void outliveTransaction() {
        try {
            driver.execute(transaction -> {
                transaction.execute("INSERT INTO Vehicle ?", struct("{vin: \"late\"}"));
                pause("until the transaction has expired");
            });
        } catch (AwsServiceException error) {
            say("expired", error.awsErrorDetails().errorCode());
        }
        say("after expiry", run(driver, "SELECT * FROM Vehicle AS v WHERE v.vin = 'late'").size());
    }

    private void outliveServer() {
        pause("until the server was restarted");
        say("after restart", run(driver, "SELECT * FROM Vehicle AS v WHERE v.vin = 'counter'").size());
    }

    private static List<IonValue> run(QldbDriver driver, String statement, IonValue... parameters) {
        return driver.execute(transaction -> {
            List<IonValue> rows = new ArrayList<>();
            transaction.execute(statement, parameters).forEach(rows::add);
            return rows;
        });
    }

    private static IonValue only(List<IonValue> rows, String field) {
        if (rows.size() != 1) throw new IllegalStateException("expected one row, found " + rows.size());
        return ((IonStruct) rows.get(0)).get(field);
    }

    private static IonStruct struct(String text) {
        IonDatagram datagram = ION.getLoader().load(text);
        return (IonStruct) datagram.get(0).clone();
    }

    private static void say(String name, Object result) {
        System.out.println(name + ": " + result);
        System.out.flush();
    }

    private static void pause(String what) {
        System.out.println("pause " + what);
        System.out.flush();
        INPUT.nextLine();
    }
}
