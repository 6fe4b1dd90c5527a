// Version 2: bearer tokens, and the header that names the version.

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import v2.ApiClient;
import v2.api.LegalBasisApi;
import v2.api.NoLegalBasisApi;
import v2.model.EventDocument;
import v2.model.EventType;
import v2.model.InformationPart;
import v2.model.Person;
import v2.model.PersonStatusType;

final class V2 {
    private static final List<InformationPart> ALL = List.of(InformationPart.values());
    /** The generator's own code fails on a list in a form that is left out. */
    private static final List<PersonStatusType> NONE = List.of();

    private final String api;
    private final Clients.Sandbox sandbox;

    V2(String api, Clients.Sandbox sandbox) {
        this.api = api;
        this.sandbox = sandbox;
    }

    void call() throws Exception {
        full(new LegalBasisApi(client("read-with-legal-basis")));
        restricted(new NoLegalBasisApi(client("read-no-legal-basis")));
    }

    private ApiClient client(String scope) throws Exception {
        String token = sandbox.token(scope, null);
        ApiClient client = new ApiClient();
        client.updateBaseUri(api);
        client.setObjectMapper(
            Clients.strict(ApiClient.createDefaultObjectMapper(), Person.class));
        client.setRequestInterceptor(
            request -> request.setHeader("Authorization", "Bearer " + token));
        return client;
    }

    private void full(LegalBasisApi api) throws Exception {
        ObjectMapper json = ApiClient.createDefaultObjectMapper();
        Clients.seeEveryField(Person.class, sandbox, json, number ->
            api.legalBasisGetPersonByNin(LegalBasisApi.APILegalBasisGetPersonByNinRequest
                .newBuilder().apiVersion("2").informationParts(ALL).nin(number).includeHistory(true)
                .build()));

        List<String> numbers = sandbox.numbers();
        List<Person> many = api.legalBasisGetPersonsByNin(LegalBasisApi
            .APILegalBasisGetPersonsByNinRequest.newBuilder().apiVersion("2")
            .informationParts(ALL).nins(numbers.subList(0, 40)).includeHistory(true).build());
        Clients.must(many.size() > 30, "of 40 numbers only " + many.size() + " are somebody's");

        Person plain = many.get(many.size() - 1);
        String family = plain.getName().get(0).getFamilyName();
        String born = plain.getBirth().get(0).getBirthDate().toString().substring(0, 10);
        List<Person> found = api.legalBasisSearchPersons(LegalBasisApi
            .APILegalBasisSearchPersonsRequest.newBuilder().apiVersion("2")
            .informationParts(ALL).familyName(family).birthDate(born).build()).getResults();
        Clients.must(holds(found, plain), "the search does not find who is there");
        Person again = api.legalBasisGetPerson(LegalBasisApi.APILegalBasisGetPersonRequest
            .newBuilder().apiVersion("2").id(plain.getId()).informationParts(ALL)
            .includeHistory(true).build());
        Clients.must(again.equals(plain), "by id it is somebody else");

        var page = api.legalBasisGetPagedMatchList(LegalBasisApi
            .APILegalBasisGetPagedMatchListRequest.newBuilder().apiVersion("2")
            .personStatuses(NONE).pageSize(100)
            .build());
        Clients.must(page.getResults().size() == 100, "a page is not full");
        List<String> matches = api.legalBasisGetMatchList(LegalBasisApi
            .APILegalBasisGetMatchListRequest.newBuilder().apiVersion("2")
            .personStatuses(NONE).familyName(family)
            .birthDateFrom(born).birthDateTo(born).build());
        Clients.must(matches.contains(plain.getId()), "the list does not hold who is there");
        var count = api.legalBasisGetMatchCount(LegalBasisApi.APILegalBasisGetMatchCountRequest
            .newBuilder().apiVersion("2").personStatuses(NONE).familyName(family).build());
        Clients.must(count.getMatchCount() > 0, "nobody is counted");

        var latest = api.legalBasisGetLatestEvent(
            LegalBasisApi.APILegalBasisGetLatestEventRequest.newBuilder().apiVersion("2").build());
        List<EventDocument> events = api.legalBasisGetEvents(LegalBasisApi
            .APILegalBasisGetEventsRequest.newBuilder().apiVersion("2").sequenceNumber(1L)
            .eventTypes(List.of(EventType.PERSON_POPULATED, EventType.CHANGE_IN_NAME))
            .build()).getResults();
        Clients.must(events.size() >= 100, events.size() + " events");
        EventDocument last = events.get(events.size() - 1);
        Clients.must(number(latest) >= number(last), "the newest event is no such thing");
        List<String> ids = events.stream().limit(50).map(EventDocument::getPersonId).toList();
        List<Person> changed = api.legalBasisGetPersons(LegalBasisApi
            .APILegalBasisGetPersonsRequest.newBuilder().apiVersion("2")
            .informationParts(ALL).personIds(ids).build());
        Clients.must(changed.size() == 50, changed.size() + " persons");
        Clients.say("v2 legal-basis: lookups with every part, searches, and events up to "
            + number(latest));
    }

    private void restricted(NoLegalBasisApi api) throws Exception {
        List<String> numbers = sandbox.numbers();
        Person person = null;
        for (String number : numbers) {
            person = api.noLegalBasisGetPersonByNin(NoLegalBasisApi
                .APINoLegalBasisGetPersonByNinRequest.newBuilder().apiVersion("2")
                .informationParts(ALL).nin(number).includeHistory(true).build());
            Clients.must(person.getFamilyRelation() == null, "it is given what is withheld");
        }
        var page = api.noLegalBasisSearchPersons(NoLegalBasisApi
            .APINoLegalBasisSearchPersonsRequest.newBuilder().apiVersion("2").informationParts(ALL)
            .familyName(person.getName().get(0).getFamilyName())
            .birthDate(person.getBirth().get(0).getBirthDate().toString().substring(0, 10))
            .build());
        Clients.must(holds(page.getResults(), person), "the search does not find who is there");
        var events = api.noLegalBasisGetEvents(NoLegalBasisApi
            .APINoLegalBasisGetEventsRequest.newBuilder().apiVersion("2").sequenceNumber(1L)
            .build());
        Clients.must(events.getResults().size() == 1000, "a page of the feed is not full");
        Clients.say("v2 no-legal-basis: " + numbers.size() + " lookups, a search, events");
    }

    private static boolean holds(List<Person> found, Person person) {
        return found.stream().anyMatch(one -> one.getId().equals(person.getId()));
    }

    private static long number(EventDocument event) {
        return Long.parseLong(event.getSequenceNumber());
    }
}
