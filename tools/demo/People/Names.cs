namespace Safeguarding.Demo.People;

/// <summary>Given names that are common, and the halves of family names that are invented.</summary>
internal static class Names
{
    public static readonly string[] Girls =
    [
        "Aaliyah", "Abigail", "Ada", "Aisha", "Alice", "Amara", "Amelia", "Anna", "Ava", "Beatrice", "Bonnie", "Charlotte", "Chloe", "Daisy",
        "Darcie", "Eleanor", "Elena", "Ella", "Elsie", "Emily", "Erin", "Esme", "Eva", "Evelyn", "Fatima", "Florence", "Freya", "Grace", "Hallie",
        "Hannah", "Harriet", "Imogen", "Iris", "Isabella", "Isla", "Ivy", "Jasmine", "Jessica", "Julia", "Layla", "Lily", "Lola", "Lucy", "Maisie",
        "Maryam", "Matilda", "Maya", "Mia", "Mila", "Millie", "Nancy", "Niamh", "Olivia", "Orla", "Penelope", "Phoebe", "Poppy", "Priya", "Robyn",
        "Rosie", "Ruby", "Scarlett", "Sienna", "Sofia", "Summer", "Thea", "Violet", "Willow", "Yasmin", "Zara", "Zofia", "Zoe",
    ];

    public static readonly string[] Boys =
    [
        "Aaron", "Adam", "Alexander", "Alfie", "Ali", "Archie", "Arlo", "Arthur", "Benjamin", "Callum", "Charlie", "Daniel", "David", "Dylan",
        "Edward", "Elijah", "Elliot", "Ethan", "Ezra", "Felix", "Finley", "Frank", "Freddie", "Gabriel", "George", "Grayson", "Harrison", "Harry",
        "Henry", "Hugo", "Ibrahim", "Isaac", "Jack", "Jacob", "Jakub", "James", "Jamie", "Jesse", "Jordan", "Joseph", "Joshua", "Jude", "Kai", "Leo",
        "Lewis", "Liam", "Logan", "Luca", "Lucas", "Mason", "Matthew", "Max", "Mohammed", "Musa", "Nathan", "Noah", "Oliver", "Omar", "Oscar", "Otis",
        "Ralph", "Reggie", "Reuben", "Rory", "Samuel", "Sebastian", "Stanley", "Theo", "Thomas", "Toby", "William", "Yusuf",
    ];

    public static readonly string[] FamilyBeginnings =
    [
        "Alder", "Amber", "Ash", "Barley", "Beck", "Birch", "Black", "Bram", "Bridge", "Brook", "Burn", "Calder", "Carl", "Chester", "Clay", "Cold",
        "Copper", "Cran", "Dal", "Dart", "Dun", "Elm", "Ever", "Fair", "Fen", "Fern", "Fox", "Glen", "Gold", "Graf", "Green", "Hal", "Hart", "Hazel",
        "Heath", "Hollin", "Holm", "Kel", "Kings", "Lang", "Lark", "Lin", "Long", "Marl", "Mill", "Moor", "Nether", "North", "Oak", "Ox", "Peb", "Penn",
        "Quarn", "Raven", "Red", "Ridge", "Rose", "Row", "Sand", "Shel", "Silver", "Stan", "Stone", "Swan", "Thorn", "Tolling", "Under", "Wald",
        "Wen", "Wester", "Whit", "Wild", "Winter", "Wood", "Wool", "Wren", "Yar", "York",
    ];

    public static readonly string[] FamilyEndings =
    [
        "bank", "beck", "bourne", "bury", "by", "combe", "cote", "croft", "dale", "den", "field", "fold", "ford", "gate", "ham", "hurst", "land",
        "leigh", "low", "man", "mere", "more", "pool", "ridge", "set", "shaw", "stead", "stock", "thwaite", "ton", "well", "wick", "wold", "worth",
    ];
}
