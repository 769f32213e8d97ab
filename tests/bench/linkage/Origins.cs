namespace Safeguarding.Bench.Linkage;

/// <summary>Where a family's names come from. Invented families; the names are common ones of their kind.</summary>
internal sealed record Origin(
    string Name,
    double Share,
    string[] Families,
    string[] Boys,
    string[] Girls,
    string[][] Spellings
)
{
    private static readonly string[][] None = [];

    /// <summary>The origins, with assumed shares of attendances.</summary>
    public static readonly Origin[] All =
    [
        new(
            "British",
            0.62,
            [
                .. Words(
                    "Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Roberts Johnson Walker Wright "
                        + "Robinson Thompson White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson "
                        + "Clarke Clark Turner Hill Scott Cooper Morris Ward Moore King Watson Baker Harrison "
                        + "Morgan Allen"
                ),
                .. Compounds(),
            ],
            Words(
                "Oliver George Arthur Noah Leo Oscar Harry Jack Henry Charlie Jacob Thomas Freddie William James "
                    + "Joshua Alexander Max Joseph Daniel Samuel Lucas Edward Adam Toby Finley Rory Alfie Archie "
                    + "Theo Isaac Ethan Reuben Jude Luca Stanley Ronnie Louie Albie Hugo"
            ),
            Words(
                "Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy Sienna "
                    + "Poppy Elsie Emily Ella Evelyn Phoebe Charlotte Evie Millie Sophie Harper Maya Matilda Ruby "
                    + "Emma Alice Eliza Jessica Hannah Rebecca Katherine Elizabeth Megan Zoe"
            ),
            [
                ["Sophia", "Sofia"],
                ["Isabella", "Izabella"],
                ["Katherine", "Catherine", "Kathryn"],
                ["Freddie", "Freddy"],
                ["Finley", "Finlay"],
                ["Rebecca", "Rebekah"],
                ["Charlie", "Charley"],
            ]
        ),
        new(
            "South Asian",
            0.12,
            Words(
                "Khan Patel Hussain Ali Ahmed Begum Singh Kaur Shah Malik Akhtar Iqbal Mahmood Choudhury Chaudhry "
                    + "Rahman Miah Uddin Sharma Gill Sandhu Dhillon Mirza Qureshi Butt Bibi Islam Hassan Shaikh "
                    + "Desai Mistry Joshi Nair Reddy Perera"
            ),
            Words(
                "Muhammad Mohammed Ibrahim Yusuf Ayaan Zayn Aarav Arjun Haris Hamza Ismail Bilal Umar Ali Adam "
                    + "Rohan Dev Kabir Zakariya Musa Idris Rayyan Sulaiman Hassan Arman Veer Ishaan Aryan Jaspreet "
                    + "Harjot"
            ),
            Words(
                "Fatima Aisha Maryam Zainab Zara Khadija Hafsa Inaya Ayesha Amina Safa Anaya Aaliyah Sana Iqra "
                    + "Simran Priya Diya Ananya Jasleen Harleen Noor Zoya Hania Amaya Riya Mahira Eshal Anika Sumaya"
            ),
            [
                ["Muhammad", "Mohammed", "Mohammad", "Muhammed"],
                ["Yusuf", "Yousuf", "Yousef"],
                ["Aisha", "Ayesha"],
                ["Zakariya", "Zakaria"],
                ["Fatima", "Fatimah"],
                ["Zainab", "Zaynab"],
                ["Choudhury", "Chowdhury", "Chaudhry"],
                ["Shaikh", "Sheikh"],
                ["Hussain", "Husain", "Hussein"],
                ["Ahmed", "Ahmad"],
            ]
        ),
        new(
            "Arabic",
            0.05,
            Words(
                "Al-Masri Haddad Khalil Nasser Mansour Saleh Ibrahim Youssef Hamdan Aziz Farah Abdi Osman Elmi "
                    + "Warsame Yusuf Ahmed Mohamed Ali Hassan Jama Saeed Qasim Barzani Rashid Sultan Kassem Darwish "
                    + "Habib Najjar"
            ),
            Words(
                "Mohamed Omar Khalid Yousef Abdullah Abdirahman Kareem Tariq Bilal Hamza Anas Ilyas Zaid Faris Saif "
                    + "Samir Nabil Ahmed Ali Hassan"
            ),
            Words(
                "Layla Mariam Hodan Hibaq Amal Yasmin Salma Noor Rania Sara Huda Asma Hanan Samira Ikram Nadia "
                    + "Rahma Zahra Leen Jana"
            ),
            [
                ["Mohamed", "Mohammed", "Muhammad", "محمد"],
                ["Yousef", "Yusuf", "Youssef"],
                ["Abdullah", "Abdallah"],
                ["Mariam", "Maryam", "Miriam"],
                ["Layla", "Leila", "Laila"],
                ["Yasmin", "Yasmine", "Yassmin"],
                ["Khalid", "Khaled"],
                ["Al-Masri", "Almasri", "El Masri"],
            ]
        ),
        new(
            "West African",
            0.05,
            Words(
                "Okafor Adeyemi Mensah Boateng Owusu Okonkwo Balogun Eze Adebayo Osei Asante Appiah Nwosu Ogunleye "
                    + "Afolabi Diallo Jallow Camara Bangura Kamara Sesay Koroma Okoro Chukwu Danso Agyeman Sarpong "
                    + "Obi Lawal Bello"
            ),
            Words(
                "Oluwaseun Tobiloba Emeka Chidi Kwame Kofi Kwabena Femi Tunde Ayomide David Samuel Emmanuel Daniel "
                    + "Ikenna Mamadou Ousmane Ibrahim Lamin Yaw"
            ),
            Words(
                "Temiloluwa Oluwadamilola Chiamaka Adaeze Ama Abena Akosua Esther Grace Fatoumata Aminata Mariama "
                    + "Ngozi Amarachi Ife Titilayo Simisola Efua Precious Blessing"
            ),
            [
                ["Oluwaseun", "Seun"],
                ["Oluwadamilola", "Damilola", "Dami"],
                ["Temiloluwa", "Temi"],
                ["Fatoumata", "Fatou"],
                ["Mamadou", "Mamadu"],
                ["Adebayo", "Adebayor"],
                ["Kwabena", "Kwabina"],
            ]
        ),
        new(
            "Eastern European",
            0.05,
            Words(
                "Kowalski Nowak Wisniewski Wojcik Kaminski Lewandowski Zielinski Szymanski Popescu Ionescu Popa "
                    + "Dumitru Ivanov Petrov Dimitrov Kazlauskas Jankauskas Berzins Kovacs Nagy Horvat Novak "
                    + "Shevchenko Kovalenko Bondarenko Melnyk Tkachenko Radu Stan Marin"
            ),
            Words(
                "Jakub Antoni Szymon Filip Mateusz Wojciech Michal Aleksander Kacper Oleksandr Andrei Stefan "
                    + "Nikolai Luka Matei David Dominik Piotr Tomasz Maksym"
            ),
            Words(
                "Zuzanna Julia Zofia Hanna Maja Lena Aleksandra Wiktoria Katarzyna Oksana Olena Daria Elena Ioana "
                    + "Andreea Maria Gabija Emilija Nadia Anastasiia"
            ),
            [
                ["Aleksandra", "Alexandra", "Ola"],
                ["Zofia", "Sofia"],
                ["Wiktoria", "Victoria"],
                ["Oleksandr", "Alexander", "Олександр"],
                ["Katarzyna", "Kasia"],
                ["Wojcik", "Wójcik"],
                ["Wisniewski", "Wiśniewski", "Wisniewska"],
                ["Kowalski", "Kowalska"],
                ["Mateusz", "Matthew"],
            ]
        ),
        new(
            "Chinese and Vietnamese",
            0.03,
            Words(
                "Nguyen Tran Le Pham Hoang Vu Dang Bui Chen Wang Li Zhang Liu Huang Lin Wong Chan Cheung Lau Ho "
                    + "Leung Ng Lam Yip Tang Xu Zhao Wu Zhou Yang"
            ),
            Words("Minh Anh Duc Tuan Hao Jun Wei Ming Yi Kai Jason Kevin Lucas Ryan Ethan Long Nam Quan Bao Khoi"),
            Words("Linh Mai Thao Huong Lan Xin Yan Mei Jia Yuki Emily Chloe Ngoc Trang Vy Hui Ying Ling Zi Han"),
            [
                ["Nguyen", "Nguyễn"],
                ["Tran", "Trần"],
                ["Wang", "Wong"],
                ["Xin", "Hsin"],
                ["Zhang", "Cheung"],
                ["Huong", "Hương"],
                ["Hao", "Howe"],
            ]
        ),
        new(
            "Gypsy, Roma and Traveller",
            0.03,
            Words(
                "Loveridge Smith Boswell Lee Doherty McDonagh Connors Ward Cash Price Delaney Doran Maughan "
                    + "Quilligan Joyce Stokes Cooper Hearn Gaman Lovell Mongan Purcell Rooney Sweeney Varga Balog "
                    + "Lakatos Horvathova Gabor Danihel"
            ),
            Words(
                "Levi Tommy Jimmy Paddy Miley Bartley Simey Johnny Martin Felix Nelson Elvis Riley Billy Joe "
                    + "Michael Patrick John Hughie Danny"
            ),
            Words(
                "Shannon Kathleen Bridget Margaret Winifred Chantelle Britney Savannah Scarlett Lacey Montana "
                    + "Cheyenne Mary Ann Josie Rosie Nora Violet Priscilla Sheree"
            ),
            [
                ["Bridget", "Bridie", "Biddy"],
                ["Margaret", "Maggie", "Peggy"],
                ["McDonagh", "McDonough", "Mc Donagh"],
                ["Paddy", "Patrick"],
                ["Johnny", "John"],
                ["Doherty", "Docherty", "O'Doherty"],
                ["Tommy", "Thomas"],
            ]
        ),
        new(
            "Double-barrelled",
            0.05,
            [
                .. Words(
                        "Smith Jones Okafor Taylor Khan Brown Wilson Evans Mensah Clarke Patel Walker Lewis King "
                            + "Green Hall"
                    )
                    .SelectMany(left =>
                        Words(
                                "Hughes Osei Roberts Ahmed Campbell Nowak Price Murphy Kelly Stewart Bailey Carter "
                                    + "Mills Fox Reid Shaw"
                            )
                            .Select(right => $"{left}-{right}")
                    ),
            ],
            Words(
                "Alfie-Joe Tyler-James Oscar Leo Kai Noah Jayden Riley Mason Reggie Teddy Ezra Rowan Otis Jesse "
                    + "Milo Blake Zac Dexter Sonny"
            ),
            Words(
                "Lily-Mae Ella-Rose Amelia-Grace Ruby Lola Nevaeh Skye Summer Darcie Luna Aria Esme Nancy Orla "
                    + "Robyn Thea Mabel Violet Hallie Penny"
            ),
            None
        ),
    ];

    /// <summary>Another way in which the same name is written, or null.</summary>
    public string? Respelled(string name, Random random)
    {
        var spellings = Array.Find(Spellings, known => known.Contains(name));
        return spellings?.Where(other => other != name).OrderBy(_ => random.Next()).First();
    }

    private static string[] Words(string text) => text.Split(' ');

    // The long tail of English surnames, made of their usual parts.
    private static IEnumerable<string> Compounds() =>
        Words(
                "Ash Black Brad Brook Car Chat Cor Dal East Fair Gar Green Had Hol Kirk Lang Mar New Nor Pem Rad "
                    + "Rock Sand Shel Stan Thorn Wake West Whit Win"
            )
            .SelectMany(first =>
                Words(
                        "bury by croft den field ford ham hurst land ley man more ridge shaw son stead ton well "
                            + "wick worth"
                    )
                    .Select(last => first + last)
            );
}
